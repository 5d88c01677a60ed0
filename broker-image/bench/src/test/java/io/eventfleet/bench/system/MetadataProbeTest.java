// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetadataProbeTest {

    @Test
    void waitsForABrokerToBeNamed() throws IOException {
        assertThat(answersTo(1)).isTrue();
        assertThat(answersTo(0)).isFalse();
    }

    @Test
    void takesAClosedPortForNoAnswer() throws IOException {
        int port = LoopbackPorts.free(1);

        assertThat(MetadataProbe.answers(port)).isFalse();
    }

    @Test
    void givesUpAtOnceWhenTheProcessHasEnded() throws IOException {
        int port = LoopbackPorts.free(1);

        assertThatIOException()
                .isThrownBy(() -> MetadataProbe.await(port, Deadline.after(Duration.ofMinutes(5)), () -> false))
                .withMessageContaining("ended before it answered");
    }

    private static boolean answersTo(int brokers) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, brokers));
            return MetadataProbe.answers(server.getLocalPort());
        }
    }

    private static void answer(ServerSocket server, int brokers) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readNBytes(in.readInt());
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(12)
                            .putInt(8)
                            .putInt(1)
                            .putInt(brokers)
                            .array());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
