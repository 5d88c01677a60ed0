// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestUtils;

/** One socket to one broker, for requests that no well-behaved client would send. */
final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MS = 15_000;

    private final Socket socket;
    private int correlationId;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    static RawConnection to(Node broker) throws IOException {
        return to(broker.host(), broker.port());
    }

    static RawConnection to(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
        return new RawConnection(socket);
    }

    /** Sends one well-formed request and reads its answer into {@code response}. */
    <R extends ApiMessage> R call(ApiKeys key, int version, ApiMessage request, R response) throws IOException {
        sendFrame(frame(key, (short) version, request));
        ByteBuffer answer = ByteBuffer.wrap(readFrame());
        ByteBufferAccessor readable = new ByteBufferAccessor(answer);
        ResponseHeaderData header = new ResponseHeaderData(readable, key.responseHeaderVersion((short) version));
        if (header.correlationId() != correlationId) {
            throw new AssertionError("answer to " + header.correlationId() + ", asked was " + correlationId);
        }
        response.read(readable, (short) version);
        return response;
    }

    /** A request as it goes over the wire, without its length. */
    ByteBuffer frame(ApiKeys key, short version, ApiMessage request) {
        correlationId++;
        short headerVersion = key.requestHeaderVersion(version);
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setClientId("raw")
                .setCorrelationId(correlationId);
        return RequestUtils.serialize(header, headerVersion, request, version);
    }

    /** Sends bytes with their length in front of them. */
    void sendFrame(ByteBuffer body) throws IOException {
        byte[] bytes = new byte[Integer.BYTES + body.remaining()];
        ByteBuffer.wrap(bytes).putInt(body.remaining()).put(body.duplicate());
        send(bytes);
    }

    /** Sends bytes as they are. */
    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The body of the next answer. */
    byte[] readFrame() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return body;
    }

    /** Whether the broker closes the connection instead of answering; waits for either. */
    boolean isClosedByBroker() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true; // reset, because the broker closed with our bytes unread
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
