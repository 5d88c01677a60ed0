// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import java.util.concurrent.atomic.LongAdder;

/** Counts changes of the in-sync replicas of led partitions, as the metadata shows them. Thread-safe. */
public final class IsrChanges {
    private final LongAdder shrinks = new LongAdder();
    private final LongAdder expands = new LongAdder();

    void changed(int before, int after) {
        if (after < before) {
            shrinks.increment();
        } else if (after > before) {
            expands.increment();
        }
    }

    /** Times that they became fewer, by the leader's proposal or because a broker was fenced. */
    public long shrinks() {
        return shrinks.sum();
    }

    /** Times that they became more. */
    public long expands() {
        return expands.sum();
    }
}
