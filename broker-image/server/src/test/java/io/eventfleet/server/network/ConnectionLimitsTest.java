// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private final InetAddress one = address(1);
    private final InetAddress two = address(2);

    @Test
    void boundsAllConnections() {
        var limits = new ConnectionLimits(2, 10);
        assertThat(limits.tryOpen(one)).isTrue();
        assertThat(limits.tryOpen(two)).isTrue();
        assertThat(limits.tryOpen(two)).isFalse();

        limits.close(one);
        assertThat(limits.tryOpen(two)).isTrue();
        assertThat(limits.open()).isEqualTo(2);
    }

    @Test
    void boundsTheConnectionsOfOneAddress() {
        var limits = new ConnectionLimits(10, 1);
        assertThat(limits.tryOpen(one)).isTrue();
        assertThat(limits.tryOpen(one)).isFalse();
        assertThat(limits.tryOpen(two)).isTrue();
        assertThat(limits.open()).isEqualTo(2);

        limits.close(one);
        assertThat(limits.tryOpen(one)).isTrue();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
