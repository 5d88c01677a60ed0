// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy for one direction of dialling, from one process to one other. What it does to the bytes changes while connections are open:
 * a cut holds them back, as a network does that drops packets, and lets them go on when it is healed. Thread-safe.
 */
public final class Link implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final int BACKLOG = 128;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final ServerSocket listener;
    private final Supplier<InetSocketAddress> target;
    private final Traffic forth = new Traffic();
    private final Traffic back = new Traffic();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    /**
     * Starts to listen.
     *
     * @param target where connections go, asked anew for each
     * @throws IOException when the address cannot be bound
     */
    public Link(InetSocketAddress address, Supplier<InetSocketAddress> target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address, BACKLOG);
        Thread.ofVirtual().name("link-" + address).start(this::accept);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Loses what the dialling side says. */
    public void cutForth() {
        forth.hold();
    }

    /** Loses what the dialled side says. */
    public void cutBack() {
        back.hold();
    }

    /** Ends all connections and refuses new ones, as a machine does whose process is gone. */
    public void refuse() {
        refusing = true;
        open.forEach(Link::closeQuietly);
    }

    /** Delays everything, in each direction. */
    public void delay(Duration latency) {
        forth.delay(latency);
        back.delay(latency);
    }

    /** Undoes everything that was done to it. */
    public void heal() {
        refusing = false;
        forth.heal();
        back.heal();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket dialling = listener.accept();
                if (refusing) {
                    dialling.setSoLinger(true, 0);
                    dialling.close();
                } else {
                    Thread.ofVirtual().start(() -> join(dialling));
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.atDebug().setCause(e).log("connection not accepted");
                }
            }
        }
    }

    private void join(Socket dialling) {
        open.add(dialling);
        try (dialling;
                Socket dialled = new Socket()) {
            // A connection is made of packets too: it waits for both directions.
            forth.awaitPassage();
            back.awaitPassage();
            dialled.connect(target.get(), CONNECT_TIMEOUT_MS);
            open.add(dialled);
            dialling.setTcpNoDelay(true);
            dialled.setTcpNoDelay(true);
            Thread answers = Thread.ofVirtual().start(() -> copy(dialled, dialling, back));
            copy(dialling, dialled, forth);
            answers.join();
            open.remove(dialled);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection not forwarded");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(dialling);
        }
    }

    private static void copy(Socket from, Socket to, Traffic traffic) {
        try {
            InputStream in = from.getInputStream();
            traffic.carry(in, to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side is gone; a reset passes a network at once.
            closeQuietly(from);
            closeQuietly(to);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
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
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("listener not closed");
        }
        heal();
        open.forEach(Link::closeQuietly);
    }
}
