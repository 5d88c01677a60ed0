// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A client that sends what no real client would, byte by byte. */
final class RawClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 10_000;

    private final Socket socket;
    private int nextCorrelationId = 1;

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(READ_TIMEOUT_MS);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends a request without waiting; returns its correlation id. */
    int send(ApiKeys key, short version, ApiMessage body) throws IOException {
        var id = nextCorrelationId++;
        write(frame(key, version, body, id));
        return id;
    }

    ApiMessage exchange(ApiKeys key, short version, ApiMessage body) throws IOException {
        var id = send(key, version, body);
        return receive(key, version, id);
    }

    ApiMessage receive(ApiKeys key, short version, int correlationId) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        var bytes = new byte[in.readInt()];
        in.readFully(bytes);
        var reader = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
        var header = new ResponseHeaderData(reader, key.responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new IOException("answer to " + header.correlationId() + " instead of " + correlationId);
        }
        var body = ApiMessageType.fromApiKey(key.id).newResponse();
        body.read(reader, version);
        return body;
    }

    /** True when the other side ends the connection, whatever it sent before. */
    boolean isClosedByPeer() throws IOException {
        try {
            int read;
            do {
                read = socket.getInputStream().read();
            } while (read >= 0);
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    static byte[] frame(ApiKeys key, short version, ApiMessage body, int correlationId) {
        var header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("raw");
        var headerBytes = MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version))
                .buffer();
        var cache = new ObjectSerializationCache();
        var bodyBytes = ByteBuffer.allocate(body.size(cache, version));
        body.write(new ByteBufferAccessor(bodyBytes), cache, version);
        bodyBytes.flip();
        var frame = ByteBuffer.allocate(4 + headerBytes.remaining() + bodyBytes.remaining());
        frame.putInt(headerBytes.remaining() + bodyBytes.remaining())
                .put(headerBytes)
                .put(bodyBytes);
        return frame.array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
