// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link between a client and a server that says back what it hears. */
class LinkIT {
    private static final int SILENCE_MS = 300;
    private static final int PATIENCE_MS = 10_000;

    private ServerSocket server;
    private Link link;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        link = new Link(
                new InetSocketAddress("127.0.0.1", 0), () -> (InetSocketAddress) server.getLocalSocketAddress());
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> echo(client));
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        server.close();
    }

    @Test
    void carriesBothWaysAndTheEnd() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 7)).isEqualTo(7);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aCutHoldsBackAndHealingLetsGo() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 1)).isEqualTo(1);
            link.cutForth();
            assertSilent(client, 2);
            link.heal();
            assertThat(client.getInputStream().read()).isEqualTo(2);
            link.cutBack();
            assertSilent(client, 3);
            link.heal();
            assertThat(client.getInputStream().read()).isEqualTo(3);
        }
    }

    @Test
    void aNewConnectionWaitsForACutToHeal() throws Exception {
        link.cutBack();
        try (Socket client = connect()) {
            assertSilent(client, 4);
            link.heal();
            assertThat(client.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void refusalEndsConnectionsUntilItIsHealed() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 1)).isEqualTo(1);
            link.refuse();
            assertThat(isEnded(client)).isTrue();
        }
        try (Socket client = connect()) {
            assertThat(isEnded(client)).isTrue();
        }
        link.heal();
        try (Socket client = connect()) {
            assertThat(echo(client, 5)).isEqualTo(5);
        }
    }

    @Test
    void delayCountsInEachDirection() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 1)).isEqualTo(1);
            link.delay(Duration.ofMillis(150));
            long begin = System.nanoTime();
            assertThat(echo(client, 2)).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(link.address().getAddress(), link.address().getPort());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static int echo(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    private static void assertSilent(Socket client, int value) throws IOException {
        client.setSoTimeout(SILENCE_MS);
        assertThatThrownBy(() -> echo(client, value)).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(PATIENCE_MS);
    }

    private static boolean isEnded(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException e) {
            return !(e instanceof SocketTimeoutException);
        }
    }
}
