// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.log.RecordBuffer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Who asks, what, in which version, and what must be given back once the answer is written or dropped. One per request;
 * every method may be called from any thread.
 */
public final class RequestContext {
    private final RequestHeader header;
    private final Caller caller;
    private final RecordBuffer frame;
    private final List<RecordBuffer> owned = new ArrayList<>(0);
    private boolean closed;

    RequestContext(RequestHeader header, Caller caller, RecordBuffer frame) {
        this.header = header;
        this.caller = caller;
        this.frame = frame;
    }

    /**
     * The connection a request came over.
     *
     * @param connectionId unique while the connection lives
     * @param address the client's address
     * @param principal who the client is
     * @param listener name of the listener, lower case
     * @param softwareName what the client calls itself in ApiVersions, or "unknown"
     * @param softwareVersion its version, or "unknown"
     */
    public record Caller(
            String connectionId,
            InetAddress address,
            KafkaPrincipal principal,
            String listener,
            String softwareName,
            String softwareVersion) {

        /** The same connection after the client introduced itself. */
        public Caller withSoftware(String name, String version) {
            return new Caller(connectionId, address, principal, listener, name, version);
        }
    }

    public ApiKeys apiKey() {
        return header.apiKey();
    }

    /** Version in which the request was read and in which the answer is written. */
    public short apiVersion() {
        return isUnsupportedApiVersions() ? 0 : header.apiVersion();
    }

    /** True for an ApiVersions request that is newer than the message library: its body was not read (KIP-511). */
    public boolean isUnsupportedApiVersions() {
        return apiKey() == ApiKeys.API_VERSIONS && !header.isApiVersionSupported();
    }

    public int correlationId() {
        return header.correlationId();
    }

    /** The client's own name for itself; empty when it has none. */
    public String clientId() {
        var id = header.clientId();
        return id == null ? "" : id;
    }

    public Caller caller() {
        return caller;
    }

    public KafkaPrincipal principal() {
        return caller.principal();
    }

    public InetAddress clientAddress() {
        return caller.address();
    }

    public String listener() {
        return caller.listener();
    }

    /** The whole request's bytes; record sets inside it are views of them. Valid until the answer is written. */
    public RecordBuffer frame() {
        return frame;
    }

    /** The same in the type that Kafka's group coordinator and authorizers take. */
    public org.apache.kafka.common.requests.RequestContext toKafka() {
        return new org.apache.kafka.common.requests.RequestContext(
                header,
                caller.connectionId(),
                caller.address(),
                caller.principal(),
                new ListenerName(caller.listener()),
                SecurityProtocol.PLAINTEXT,
                new ClientInformation(caller.softwareName(), caller.softwareVersion()),
                false);
    }

    /** Hands over one reference that is given back when the answer has been written or dropped. */
    public void releaseAfterResponse(RecordBuffer buffer) {
        synchronized (this) {
            if (!closed) {
                owned.add(buffer);
                return;
            }
        }
        buffer.release();
    }

    /** The answer has been written or dropped: gives everything back. Idempotent. Called by the connection. */
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        owned.forEach(RecordBuffer::release);
        owned.clear();
        frame.release();
    }

    RequestHeader header() {
        return header;
    }
}
