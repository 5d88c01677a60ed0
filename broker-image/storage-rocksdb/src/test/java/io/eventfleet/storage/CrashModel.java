// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.PartitionLog;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/** What was acknowledged, and the comparison of a recovered store with it. */
final class CrashModel {

    private final Map<Integer, Known> partitions = new HashMap<>();
    private final Map<Integer, Long> facts = new HashMap<>();
    private long appends;
    private long truncations;

    /** One partition as far as acknowledgements tell. */
    private static final class Known {
        private final TreeMap<Long, Long> counters = new TreeMap<>();
        private long start;
        private long end;
        private int epoch = -1;
        private boolean deleting;

        /** Where the log may have been cut off, or -1. */
        private long truncating = -1;

        /** Where the log may have begun anew, or -1. */
        private long restarting = -1;

        void cutAt(long offset) {
            counters.tailMap(offset).clear();
            end = offset;
            start = Math.min(start, offset);
            truncating = -1;
            restarting = -1;
        }

        /** Takes a truncation that was not acknowledged as done, if the log says so. */
        void settle(long foundStart, long found, String what) {
            if (restarting >= 0 && found == restarting && foundStart == restarting) {
                counters.clear();
                start = restarting;
                end = restarting;
            } else if (truncating >= 0 && found < Math.max(end, truncating)) {
                assertThat(counters.subMap(found, false, truncating, true))
                        .as("only the batch at the cut goes with it: %s", what)
                        .isEmpty();
                cutAt(found);
            }
            truncating = -1;
            restarting = -1;
        }
    }

    long appends() {
        return appends;
    }

    long truncations() {
        return truncations;
    }

    void hear(String line) {
        String[] words = line.split(" ", -1);
        int subject = Integer.parseInt(words[1]);
        switch (words[0]) {
            case "A" -> {
                Known known = known(subject);
                known.counters.put(Long.parseLong(words[2]), Long.parseLong(words[4]));
                known.end = Long.parseLong(words[3]) + 1;
                appends++;
            }
            case "S" -> known(subject).start = Math.max(known(subject).start, Long.parseLong(words[2]));
            case "E" -> known(subject).epoch = Integer.parseInt(words[2]);
            case "o" ->
                known(subject).settle(Long.parseLong(words[2]), Long.parseLong(words[3]), "partition " + subject);
            case "t" -> known(subject).truncating = Long.parseLong(words[2]);
            case "q" -> known(subject).restarting = Long.parseLong(words[2]);
            case "T" -> {
                known(subject).cutAt(Long.parseLong(words[2]));
                truncations++;
            }
            case "Q" -> {
                known(subject).cutAt(0);
                known(subject).start = Long.parseLong(words[2]);
                known(subject).end = Long.parseLong(words[2]);
            }
            case "d" -> known(subject).deleting = true;
            case "D" -> partitions.remove(subject);
            case "M" -> facts.put(subject, Long.parseLong(words[2]));
            case "R" -> {}
            default -> throw new AssertionError("the child says " + line);
        }
    }

    private Known known(int partition) {
        return partitions.computeIfAbsent(partition, p -> new Known());
    }

    /** Checks every partition of a recovered store; what was found becomes what is known. */
    void compare(RocksLogStore store, String hint) {
        for (int partition = 0; partition < CrashChild.PARTITIONS; partition++) {
            boolean stored = store.stored().contains(TestStore.id(1, partition));
            Known known = partitions.get(partition);
            if (stored) {
                PartitionLog log = TestStore.await(store.open(TestStore.id(1, partition)));
                var found = new Known();
                Known expected = known == null || (known.deleting && log.leaderEpoch() < known.epoch) ? found : known;
                compare(log, partition, expected, hint);
                expected.deleting = false;
                expected.start = log.logStartOffset();
                expected.end = log.logEndOffset();
                expected.epoch = log.leaderEpoch();
                partitions.put(partition, expected);
            } else {
                assertThat(known == null || known.deleting)
                        .as("partition %d may be gone, %s", partition, hint)
                        .isTrue();
                partitions.remove(partition);
            }
        }
        facts.forEach((worker, value) -> assertThat(
                        ByteBuffer.wrap(store.meta().get("w" + worker).orElseThrow())
                                .getLong())
                .as("fact of worker %d, %s", worker, hint)
                .isGreaterThanOrEqualTo(value));
    }

    private static void compare(PartitionLog log, int partition, Known known, String hint) {
        String what = "partition " + partition + ", " + hint;
        known.settle(log.logStartOffset(), log.logEndOffset(), what);
        assertThat(log.logEndOffset()).as(what).isGreaterThanOrEqualTo(known.end);
        assertThat(log.checkpointedHighWatermark()).as(what).isBetween(log.logStartOffset(), log.logEndOffset());
        assertThat(log.logStartOffset()).as(what).isGreaterThanOrEqualTo(known.start);
        assertThat(log.leaderEpoch()).as(what).isGreaterThanOrEqualTo(known.epoch);
        assertThat(log.durableEndOffset()).as(what).isEqualTo(log.logEndOffset());
        var found = new TreeMap<Long, Long>();
        long next = log.logStartOffset();
        long lastCounter = -1;
        int lastEpoch = -1;
        int lastSequence = -1;
        while (next < log.logEndOffset()) {
            for (var batch : MemoryRecords.readableRecords(TestStore.read(log, next, 1 << 20))
                    .batches()) {
                batch.ensureValid();
                boolean first = next == log.logStartOffset();
                assertThat(first ? batch.lastOffset() >= next : batch.baseOffset() == next)
                        .as("no gap at %d, found %d: %s", next, batch.baseOffset(), what)
                        .isTrue();
                long counter = recognise(batch, partition, what);
                assertThat(counter).as("order in %s", what).isGreaterThan(lastCounter);
                assertThat(batch.partitionLeaderEpoch()).as(what).isGreaterThanOrEqualTo(lastEpoch);
                assertThat(log.epochOfOffset(batch.lastOffset())).as(what).isEqualTo(batch.partitionLeaderEpoch());
                if (batch.hasProducerId() && lastSequence >= 0) {
                    assertThat(batch.baseSequence()).as("sequence in %s", what).isEqualTo(lastSequence + 1);
                }
                lastSequence = batch.hasProducerId() ? batch.lastSequence() : -1;
                lastEpoch = batch.partitionLeaderEpoch();
                lastCounter = counter;
                found.put(batch.baseOffset(), counter);
                next = batch.nextOffset();
            }
        }
        known.counters.headMap(log.logStartOffset()).clear();
        found.headMap(log.logStartOffset()).clear();
        assertThat(found).as("acknowledged batches of %s", what).containsAllEntriesOf(known.counters);
        assertThat(lastSequence < 0 || !log.producers().isEmpty())
                .as("the producer in %s", what)
                .isTrue();
        for (var producer : log.producers()) {
            if (lastSequence >= 0) {
                assertThat(producer.lastSequence()).as("producer of %s", what).isEqualTo(lastSequence);
                assertThat(producer.lastOffset()).as("producer of %s", what).isEqualTo(log.logEndOffset() - 1);
            }
        }
        known.counters.putAll(found);
    }

    private static long recognise(RecordBatch batch, int partition, String what) {
        long counter = -1;
        for (var record : batch) {
            var value = record.value();
            counter = value.getLong(value.position());
            var bytes = new byte[value.remaining()];
            value.get(bytes);
            assertThat(bytes)
                    .as("bytes in %s", what)
                    .isEqualTo(CrashChild.content(partition, counter, bytes.length - 12));
        }
        return counter;
    }
}
