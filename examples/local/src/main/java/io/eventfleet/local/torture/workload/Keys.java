// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** The partitions that there are, the next number of each, and how far each was acknowledged and read. Thread-safe. */
final class Keys {
    private static final double UNREAD_FIRST = 0.7;

    /** Where one partition is. */
    private static final class Progress {
        private final AtomicLong nextValue = new AtomicLong();
        private final AtomicLong acknowledged = new AtomicLong(-1);
        private final AtomicLong read = new AtomicLong(-1);

        long unread() {
            return acknowledged.get() - read.get();
        }
    }

    private final Map<Key, Progress> progress = new ConcurrentSkipListMap<>();

    void add(Key key) {
        progress.putIfAbsent(key, new Progress());
    }

    Set<Key> all() {
        return new TreeSet<>(progress.keySet());
    }

    Set<String> topics() {
        Set<String> topics = new TreeSet<>();
        progress.keySet().forEach(key -> topics.add(key.topic()));
        return topics;
    }

    /** Any partition. */
    Key any(RandomGenerator random) {
        List<Key> keys = List.copyOf(progress.keySet());
        return keys.get(random.nextInt(keys.size()));
    }

    /** Some partitions; mostly those with the most acknowledged records that nobody has read. */
    Set<Key> toRead(int count, RandomGenerator random) {
        List<Key> unread = new ArrayList<>(progress.keySet());
        unread.sort(Comparator.comparingLong((Key key) -> of(key).unread()).reversed());
        Set<Key> chosen = new TreeSet<>();
        for (Key key : unread) {
            if (chosen.size() < count && random.nextDouble() < UNREAD_FIRST) {
                chosen.add(key);
            }
        }
        if (chosen.isEmpty()) {
            chosen.add(any(random));
        }
        return chosen;
    }

    long nextValue(Key key) {
        return of(key).nextValue.getAndIncrement();
    }

    void acknowledged(Key key, long offset) {
        of(key).acknowledged.accumulateAndGet(offset, Math::max);
    }

    void read(Key key, long offset) {
        of(key).read.accumulateAndGet(offset, Math::max);
    }

    /** The highest offset that somebody read, -1 for none. */
    long readUpTo(Key key) {
        return of(key).read.get();
    }

    private Progress of(Key key) {
        return progress.computeIfAbsent(key, any -> new Progress());
    }
}
