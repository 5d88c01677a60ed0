// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

/**
 * Limits of client connections and of requests.
 *
 * @param sockets operating-system level settings
 * @param maxConnections client connections that a broker accepts
 * @param maxConnectionsPerIp client connections that a broker accepts from one address
 * @param connectionsMaxIdleMs milliseconds after which an idle connection is closed
 * @param requests bounds of requests and answers
 * @param networkThreads event-loop threads for client connections
 * @param ioThreads threads for requests that block
 */
public record NetworkLimits(
        Sockets sockets,
        int maxConnections,
        int maxConnectionsPerIp,
        long connectionsMaxIdleMs,
        Requests requests,
        int networkThreads,
        int ioThreads) {

    /**
     * Operating-system level settings of sockets.
     *
     * @param sendBufferBytes bytes; -1 leaves it to the operating system
     * @param receiveBufferBytes bytes; -1 leaves it to the operating system
     * @param listenBacklog connections that may wait to be accepted
     */
    public record Sockets(int sendBufferBytes, int receiveBufferBytes, int listenBacklog) {}

    /**
     * Bounds of requests and answers.
     *
     * @param maxRequestBytes largest request
     * @param maxQueuedBytes bytes of requests in work; while they are reached, no further request is read
     * @param fetchMaxBytes most bytes that one fetch is answered with
     * @param fetchSessionSlots incremental fetch sessions that are kept
     */
    public record Requests(int maxRequestBytes, long maxQueuedBytes, int fetchMaxBytes, int fetchSessionSlots) {}

    static NetworkLimits of(SettingValues values) {
        return new NetworkLimits(
                new Sockets(
                        values.integer("socket.send.buffer.bytes"),
                        values.integer("socket.receive.buffer.bytes"),
                        values.integer("socket.listen.backlog.size")),
                values.integer("max.connections"),
                values.integer("max.connections.per.ip"),
                values.number("connections.max.idle.ms"),
                new Requests(
                        values.integer("socket.request.max.bytes"),
                        values.number("queued.max.request.bytes"),
                        values.integer("fetch.max.bytes"),
                        values.integer("max.incremental.fetch.session.cache.slots")),
                values.integer("num.network.threads"),
                values.integer("num.io.threads"));
    }
}
