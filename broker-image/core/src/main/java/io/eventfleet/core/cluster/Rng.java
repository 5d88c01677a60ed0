// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.UUID;

/** The only source of randomness of the cluster cores: ids and jitter. */
@FunctionalInterface
public interface Rng {

    long nextLong();

    /** A random (version 4) UUID. */
    default UUID nextUuid() {
        long high = (nextLong() & ~0xF000L) | 0x4000L;
        long low = (nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** Uniform enough in {@code [0, bound)}. */
    default long nextBelow(long bound) {
        return Math.floorMod(nextLong(), bound);
    }
}
