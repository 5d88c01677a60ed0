// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.concurrent.atomic.LongAdder;

/** What one shard counts. Thread-safe. */
final class ShardCounters {

    private final LongAdder bytes = new LongAdder();
    private final LongAdder appends = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LatencyHistogram commits = new LatencyHistogram();
    private final LatencyHistogram syncs = new LatencyHistogram();

    void committed(Turn turn, long durationNs) {
        bytes.add(turn.appendedBytes());
        appends.add(turn.outcomes().size());
        commits.record(durationNs);
    }

    void synced(long durationNs) {
        syncs.record(durationNs);
    }

    void refused() {
        refused.increment();
    }

    long appendedBytes() {
        return bytes.sum();
    }

    long appends() {
        return appends.sum();
    }

    long refusals() {
        return refused.sum();
    }

    LatencyHistogram commits() {
        return commits;
    }

    LatencyHistogram syncs() {
        return syncs;
    }
}
