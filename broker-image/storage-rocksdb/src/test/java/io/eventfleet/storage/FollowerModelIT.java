// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.ProducerSnapshot;
import io.eventfleet.core.log.PartitionLog.Retention;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random copies, truncations, restarts of the log, moves of its start, terms of leadership and reopenings, against the
 * plainest model there is: a list of batches.
 */
class FollowerModelIT {

    private static final int STEPS = 1500;
    private static final long FORTNIGHT_MS = 14L * 86_400_000;

    @TempDir
    Path directory;

    private final TreeMap<Long, ByteBuffer> batches = new TreeMap<>();
    private long start;
    private long end;
    private int epoch;
    private boolean leads;

    /** Where a leadership began, which is an epoch even if nothing was written under it. */
    private int ledEpoch = -1;

    private long ledFrom;

    private TestStore open() {
        return TestStore.in(
                directory,
                TestStore.options()
                        .windowBytes(64 * 1024)
                        .indexIntervalBytes(4 * 1024)
                        .tailCacheBytes(16 * 1024));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isAlwaysWhatTheModelSays(long seed) {
        var random = new Random(seed);
        try (var store = open()) {
            var log = store.follow(id(1, 0), 0);
            for (int step = 0; step < STEPS; step++) {
                String what = "step " + step + " of seed " + seed;
                switch (random.nextInt(20)) {
                    case 0, 1 -> truncate(log, random, what);
                    case 2 -> {
                        if (random.nextInt(10) == 0) {
                            restart(log, random);
                        }
                    }
                    case 3 -> {
                        long target = start + random.nextLong(end - start + 1);
                        assertThat(await(log.deleteRecordsBefore(target)))
                                .as(what)
                                .isEqualTo(target);
                        start = target;
                        batches.values().removeIf(b -> BatchHeader.at(b, 0).lastOffset() < start);
                    }
                    case 4 -> log.declareRetention(new Retention(random.nextBoolean() ? 60_000 : FORTNIGHT_MS, -1));
                    case 5 -> turn(log, random);
                    case 6 -> {
                        if (random.nextInt(5) == 0) {
                            store.reopen();
                            log = store.open(id(1, 0));
                            leads = false;
                            await(log.becomeFollower(++epoch));
                        }
                    }
                    default -> append(store, log, random, what);
                }
                if (step % 10 == 0) {
                    compare(log, what);
                }
                assertThat(store.faults()).as(what).isEmpty();
            }
            assertThat(store.referenced()).as("only the tail cache refers").isLessThanOrEqualTo(40);
        }
    }

    private void turn(PartitionLog log, Random random) {
        epoch += 1 + random.nextInt(2);
        leads = random.nextInt(3) == 0;
        if (leads) {
            await(log.becomeLeader(epoch));
            ledEpoch = epoch;
            ledFrom = end;
        } else {
            await(log.becomeFollower(epoch));
        }
    }

    private void truncate(PartitionLog log, Random random, String what) {
        if (leads) {
            turn(log, new Random(1));
        }
        long reach = random.nextInt(4) == 0 ? end - start : Math.min(20, end - start);
        long wanted = end - random.nextLong(reach + 1) + (random.nextInt(10) == 0 ? 5 : 0);
        if (random.nextInt(40) == 0) {
            wanted = Math.max(0, start - random.nextInt(5));
        }
        long boundary = Math.min(wanted, end);
        Long base = batches.floorKey(boundary - 1);
        if (base != null && BatchHeader.at(entry(base), 0).lastOffset() >= boundary) {
            boundary = base;
        }
        boolean anew = wanted < start;
        boundary = anew ? wanted : Math.max(boundary, start);
        assertThat(await(log.truncateTo(epoch, wanted))).as(what).isEqualTo(boundary);
        batches.tailMap(boundary, true).clear();
        batches.values().removeIf(b -> BatchHeader.at(b, 0).lastOffset() >= log.logEndOffset());
        start = anew ? boundary : start;
        end = boundary;
        if (ledFrom >= end) {
            ledEpoch = -1;
        }
        assertThat(log.durableEndOffset()).as(what).isEqualTo(end);
        compare(log, what);
    }

    private ByteBuffer entry(long base) {
        var found = batches.get(base);
        if (found == null) {
            throw new IllegalStateException("no batch at " + base);
        }
        return found;
    }

    private void restart(PartitionLog log, Random random) {
        if (leads) {
            turn(log, new Random(1));
        }
        long at = Math.max(0, end + random.nextInt(200) - 100);
        await(log.restartAt(epoch, at));
        batches.clear();
        start = at;
        end = at;
        ledEpoch = -1;
    }

    private void append(TestStore store, PartitionLog log, Random random, String what) {
        int latest = log.latestEpoch();
        var remembered = new HashMap<Long, Integer>();
        log.producers().forEach(p -> remembered.put(p.producerId(), p.lastSequence()));
        int count = 1 + random.nextInt(4);
        var outcomes = new ArrayList<TestStore.Outcome>();
        for (int i = 0; i < count; i++) {
            int records = 1 + random.nextInt(5);
            long base = start == end && start > 2 && !leads && random.nextInt(3) == 0 ? end - 1 : end;
            records = base < end ? records + 1 : records;
            int of = leads ? epoch : latest < 0 ? epoch : latest + random.nextInt(epoch - latest + 1);
            latest = of;
            var batch = batch(random, records, remembered);
            if (leads) {
                outcomes.add(store.append(log, epoch, batch));
                Batches.stored(batch, base, epoch);
            } else {
                Batches.stored(batch, base, of);
                outcomes.add(store.replicate(log, epoch, batch));
            }
            batches.put(base, batch);
            end = base + records;
        }
        outcomes.forEach(
                outcome -> assertThat(outcome.appended().duplicate()).as(what).isFalse());
    }

    /** A batch of an idempotent producer, which goes on from what the log remembers of it, or of no producer. */
    private static ByteBuffer batch(Random random, int records, Map<Long, Integer> sequences) {
        if (random.nextInt(3) > 0) {
            long producer = random.nextInt(5);
            Integer last = sequences.get(producer);
            int sequence = last == null ? random.nextInt(2) * 7 : last + 1;
            sequences.put(producer, sequence + records - 1);
            return Batches.produced(producer, 0, sequence, records);
        }
        var timestamps = new long[records];
        for (int i = 0; i < records; i++) {
            timestamps[i] = Batches.NOW_MS + random.nextInt(100_000);
        }
        return Batches.of(org.apache.kafka.common.compress.Compression.NONE, random.nextInt(1500), timestamps);
    }

    private Map<Long, ProducerSnapshot> producers() {
        var known = new HashMap<Long, ProducerSnapshot>();
        for (var bytes : batches.values()) {
            var batch = BatchHeader.at(bytes, 0);
            if (batch.hasSequence()) {
                int last = batch.baseSequence() + batch.lastOffsetDelta();
                known.put(
                        batch.producerId(),
                        new ProducerSnapshot(
                                batch.producerId(), batch.producerEpoch(), last, batch.lastOffset(), Batches.NOW_MS));
            }
        }
        return known;
    }

    private void compare(PartitionLog log, String what) {
        assertThat(log.logStartOffset()).as(what).isEqualTo(start);
        assertThat(log.logEndOffset()).as(what).isEqualTo(end);
        assertThat(log.durableEndOffset()).as(what).isEqualTo(end);
        assertThat(log.leaderEpoch()).as(what).isEqualTo(epoch);
        assertThat(start == end ? List.of() : TestStore.offsets(log, start, 5000))
                .as(what)
                .isEqualTo(List.copyOf(batches.keySet()));
        if (!batches.isEmpty()) {
            assertThat(TestStore.read(log, start, Integer.MAX_VALUE))
                    .as(what)
                    .isEqualTo(Batches.together(batches.values().toArray(ByteBuffer[]::new)));
        }
        compareEpochs(log, what);
        // A producer whose records are gone from the start is remembered; one that is in the log must be right.
        var stored = new HashMap<Long, ProducerSnapshot>();
        log.producers().forEach(p -> stored.put(p.producerId(), p));
        assertThat(stored).as(what).containsAllEntriesOf(producers());
        assertThat(stored.values()).as(what).allMatch(p -> p.lastOffset() < end);
        compareTimes(log, what);
    }

    private void compareEpochs(PartitionLog log, String what) {
        var history = EpochHistory.EMPTY;
        for (var bytes : batches.values()) {
            var batch = BatchHeader.at(bytes, 0);
            if (ledEpoch >= 0 && ledEpoch <= batch.partitionLeaderEpoch() && ledEpoch > history.latestEpoch()) {
                history = history.with(ledEpoch, Math.max(ledFrom, start));
            }
            history = history.with(batch.partitionLeaderEpoch(), Math.max(batch.baseOffset(), start));
        }
        if (ledEpoch > history.latestEpoch()) {
            history = history.with(ledEpoch, Math.max(ledFrom, start));
        }
        for (var bytes : batches.values()) {
            var batch = BatchHeader.at(bytes, 0);
            assertThat(log.epochOfOffset(batch.lastOffset())).as(what).isEqualTo(batch.partitionLeaderEpoch());
        }
        if (!batches.isEmpty()) {
            assertThat(log.epochs()).as(what).isEqualTo(history);
        }
        assertThat(log.epochs().starts()).as(what).allMatch(s -> s.startOffset() >= start && s.startOffset() <= end);
    }

    private void compareTimes(PartitionLog log, String what) {
        long greatest = -1;
        for (var bytes : batches.values()) {
            for (var record : org.apache.kafka.common.record.internal.MemoryRecords.readableRecords(bytes.duplicate())
                    .records()) {
                greatest = record.offset() >= start ? Math.max(greatest, record.timestamp()) : greatest;
            }
        }
        long expected = greatest;
        if (greatest >= 0) {
            assertThat(log.maxTimestamp(end)).as(what).hasValueSatisfying(found -> assertThat(found.timestampMs())
                    .isEqualTo(expected));
            assertThat(log.offsetForTimestamp(greatest, end)).as(what).isPresent();
        }
        assertThat(log.offsetForTimestamp(expected + 1, end)).as(what).isEmpty();
    }
}
