// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections on the address of a Service and joins each with one of its ready endpoints, as kube-proxy would. */
final class Forwarder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int BACKLOG = 128;

    private final ServerSocket socket;
    private final Supplier<List<Integer>> endpoints;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen.
     *
     * @param endpoints the ports on 127.0.0.1 behind the Service, asked anew for each connection
     */
    Forwarder(String address, int port, Supplier<List<Integer>> endpoints) throws IOException {
        this.endpoints = endpoints;
        this.socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port), BACKLOG);
        Thread.ofVirtual().name("service-" + address + ":" + port).start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.atWarn().setCause(e).log("service connection not accepted");
                }
            }
        }
    }

    private void join(Socket client) {
        try (client;
                var server = connect()) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
            open.remove(server);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("service connection without an endpoint");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private Socket connect() throws IOException {
        List<Integer> ports = endpoints.get();
        int start = ports.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(ports.size());
        for (int i = 0; i < ports.size(); i++) {
            var server = new Socket();
            try {
                int port = ports.get((start + i) % ports.size());
                server.connect(new InetSocketAddress(NodeSettings.POD_ADDRESS, port), CONNECT_TIMEOUT_MS);
                return server;
            } catch (IOException e) {
                server.close();
                LOG.atDebug().setCause(e).log("endpoint refused a connection");
            }
        }
        throw new IOException("no endpoint of the service accepts connections");
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side went away: the other one learns it at once.
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("socket not closed");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        open.forEach(Forwarder::closeQuietly);
    }
}
