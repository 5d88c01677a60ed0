// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Event.Poll;
import io.eventfleet.local.torture.history.Event.Replica;
import io.eventfleet.local.torture.history.Event.Send;
import io.eventfleet.local.torture.history.Event.Watermark;
import io.eventfleet.local.torture.history.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that a history says about one partition. The offsets that sends and readers named give the order of its values. */
final class KeyLog {
    private final Key key;
    private final List<Send> sends = new ArrayList<>();
    private final List<Poll> polls = new ArrayList<>();
    private final List<Watermark> watermarks = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final NavigableMap<Long, Set<Long>> valuesByOffset = new TreeMap<>();
    private final NavigableMap<Long, Set<Integer>> epochsByOffset = new TreeMap<>();
    private final Map<Long, Set<Long>> offsetsByValue = new HashMap<>();
    private final Set<Long> read = new HashSet<>();
    private long highestRead = -1;

    KeyLog(Key key) {
        this.key = key;
    }

    void add(Send send) {
        sends.add(send);
        if (send.outcome() == Outcome.OK && send.offset() >= 0) {
            place(send.offset(), send.value());
        }
    }

    void add(Poll poll) {
        polls.add(poll);
        poll.entries().forEach(this::addRead);
    }

    void add(Watermark watermark) {
        watermarks.add(watermark);
    }

    void add(Replica replica) {
        replicas.add(replica);
        replica.entries().forEach(entry -> place(entry.offset(), entry.value()));
    }

    private void addRead(Entry entry) {
        place(entry.offset(), entry.value());
        read.add(entry.value());
        highestRead = Math.max(highestRead, entry.offset());
        if (entry.leaderEpoch() >= 0) {
            epochsByOffset
                    .computeIfAbsent(entry.offset(), offset -> new TreeSet<>())
                    .add(entry.leaderEpoch());
        }
    }

    private void place(long offset, long value) {
        valuesByOffset.computeIfAbsent(offset, any -> new TreeSet<>()).add(value);
        offsetsByValue.computeIfAbsent(value, any -> new TreeSet<>()).add(offset);
    }

    /** True when a record is known to be strictly between two offsets. */
    boolean hasRecordBetween(long low, long high) {
        Long next = valuesByOffset.higherKey(low);
        return next != null && next < high;
    }

    Key key() {
        return key;
    }

    List<Send> sends() {
        return sends;
    }

    List<Poll> polls() {
        return polls;
    }

    List<Watermark> watermarks() {
        return watermarks;
    }

    List<Replica> replicas() {
        return replicas;
    }

    NavigableMap<Long, Set<Long>> valuesByOffset() {
        return valuesByOffset;
    }

    NavigableMap<Long, Set<Integer>> epochsByOffset() {
        return epochsByOffset;
    }

    Map<Long, Set<Long>> offsetsByValue() {
        return offsetsByValue;
    }

    boolean wasRead(long value) {
        return read.contains(value);
    }

    Set<Long> readValues() {
        return read;
    }

    /** The highest offset that anybody read, -1 when nobody did. */
    long highestRead() {
        return highestRead;
    }
}
