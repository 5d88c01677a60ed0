// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerMemoryTest {
    private static final long FIXED = 80L << 20;

    @ParameterizedTest
    @ValueSource(longs = {192, 256, 320, 512, 1024, 8192, 65536})
    void partsFitIntoTheLimit(long limitMiB) {
        var limit = limitMiB << 20;
        var memory = BrokerMemory.ofLimit(limit);

        assertThat(memory.heapBytes() + memory.directBytes() + memory.storageBytes())
                .isLessThanOrEqualTo(limit - FIXED);
        assertThat(memory.tailCacheBytes()).isBetween(1L << 20, memory.directBytes() / 2);
        assertThat(memory.storageBytes()).isGreaterThanOrEqualTo(16L << 20);
        assertThat(memory.heapBytes()).isBetween(32L << 20, 4L << 30);
        assertThat(memory.jvmOptions()).contains("-Xmx" + (memory.heapBytes() >> 20) + "m");
    }
}
