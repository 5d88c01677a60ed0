// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.TimestampedOffset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lookups by time, compared with a list of all records. */
class TimeIndexIT {

    private static final long SEED = 20;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final ArrayList<Long> timestamps = new ArrayList<>();

    @Test
    void findsTheExactRecordInUnorderedCompressedAndUncompressedBatches() {
        var options = TestStore.options()
                .windowBytes(64 * 1024)
                .indexIntervalBytes(2 * 1024)
                .tailCacheBytes(0);
        try (var store = TestStore.in(directory, options)) {
            var log = store.lead(id(1, 0), 3);
            append(store, log, 400);
            compare(log, 0, timestamps.size());
            compare(log, 0, 37);
            TestStore.await(log.deleteRecordsBefore(500));
            compare(log, 500, timestamps.size());
            store.reopen();
            compare(store.open(id(1, 0)), 500, timestamps.size());
        }
    }

    @Test
    void findsNothingInAnEmptyLog() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            assertThat(log.offsetForTimestamp(0, Long.MAX_VALUE)).isEmpty();
            assertThat(log.maxTimestamp(Long.MAX_VALUE)).isEmpty();
        }
    }

    private void append(TestStore store, PartitionLog log, int batches) {
        Compression[] compressions = {
            Compression.NONE, Compression.gzip().build(), Compression.lz4().build()
        };
        var outcomes = new ArrayList<TestStore.Outcome>();
        for (int i = 0; i < batches; i++) {
            var times = new long[1 + random.nextInt(5)];
            for (int j = 0; j < times.length; j++) {
                times[j] = Batches.NOW_MS + i * 10L + random.nextInt(500);
                timestamps.add(times[j]);
            }
            outcomes.add(store.append(log, 3, Batches.of(compressions[random.nextInt(3)], 400, times)));
        }
        outcomes.forEach(TestStore.Outcome::appended);
    }

    private void compare(PartitionLog log, int from, int to) {
        for (int i = 0; i < 300; i++) {
            long wanted = Batches.NOW_MS + random.nextInt(5000) - 200;
            assertThat(log.offsetForTimestamp(wanted, to))
                    .as("first at or after %d from %d to %d, seed %d", wanted, from, to, SEED)
                    .isEqualTo(expected(wanted, from, to));
        }
        long greatest =
                timestamps.subList(from, to).stream().mapToLong(t -> t).max().orElseThrow();
        assertThat(log.maxTimestamp(to).map(TimestampedOffset::timestampMs)).hasValue(greatest);
        assertThat(log.maxTimestamp(to)).isEqualTo(expected(greatest, from, to));
    }

    private Optional<TimestampedOffset> expected(long wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (timestamps.get(i) >= wanted) {
                return Optional.of(new TimestampedOffset(timestamps.get(i), i, 3));
            }
        }
        return Optional.empty();
    }
}
