// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static io.eventfleet.storage.TestStore.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.AppendRequest.Origin;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.PartitionLog.Retention;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows roll, keep partitions readable over their borders, and go when everything in them has expired. */
class WindowsIT {

    private static final int WINDOW_BYTES = 64 * 1024;
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    @TempDir
    Path directory;

    private TestStore store() {
        return TestStore.in(
                directory,
                TestStore.options()
                        .windowBytes(WINDOW_BYTES)
                        .indexIntervalBytes(4 * 1024)
                        .tailCacheBytes(0));
    }

    private static void fill(TestStore store, PartitionLog log, int batches, long timestampMs) {
        var outcomes = new ArrayList<TestStore.Outcome>();
        var how = new TestStore.Append(0, Origin.CLIENT, timestampMs, false);
        for (int i = 0; i < batches; i++) {
            outcomes.add(store.append(
                    log, how, Batches.of(org.apache.kafka.common.compress.Compression.NONE, 1000, timestampMs)));
        }
        outcomes.forEach(TestStore.Outcome::appended);
    }

    private static int windows(TestStore store) {
        return store.store().stats().held().windows();
    }

    @Test
    void readsOverTheBordersOfWindowsBeforeAndAfterReopening() {
        try (var store = store()) {
            var busy = store.lead(id(1, 0), 0);
            var quiet = store.lead(id(1, 1), 0);
            for (int i = 0; i < 10; i++) {
                fill(store, busy, 40, Batches.NOW_MS);
                fill(store, quiet, 1, Batches.NOW_MS);
            }
            assertThat(windows(store)).isGreaterThanOrEqualTo(5);
            for (int i = 0; i < 2; i++) {
                for (int maxBytes : new int[] {1, 10_000, 1 << 20}) {
                    assertThat(offsets(busy, 0, maxBytes)).hasSize(400);
                    assertThat(offsets(busy, 399, maxBytes)).containsExactly(399L);
                    assertThat(offsets(quiet, 0, maxBytes)).hasSize(10);
                }
                store.reopen();
                busy = store.open(id(1, 0));
                quiet = store.open(id(1, 1));
            }
            store.lead(id(1, 0), 0);
            fill(store, busy, 1, Batches.NOW_MS);
            assertThat(offsets(busy, 395, 1 << 20)).containsExactly(395L, 396L, 397L, 398L, 399L, 400L);
        }
    }

    @Test
    void dropsWindowsWhenAllInThemHasExpiredByTime() {
        try (var store = store()) {
            var old = store.lead(id(1, 0), 0);
            var mixed = store.lead(id(1, 1), 0);
            fill(store, old, 200, Batches.NOW_MS);
            fill(store, mixed, 100, Batches.NOW_MS);
            fill(store, mixed, 100, Batches.NOW_MS + 2 * HOUR_MS);
            int before = windows(store);
            var retention = new Retention(HOUR_MS, -1);
            long now = Batches.NOW_MS + 2 * HOUR_MS;
            assertThat(await(old.applyRetention(retention, now, 200))).isEqualTo(200);
            long start = await(mixed.applyRetention(retention, now, 200));
            assertThat(start).isBetween(90L, 100L);
            Awaitility.await().until(() -> windows(store) <= before - 3);
            assertThat(offsets(mixed, start, 1 << 20)).hasSize(200 - (int) start);
            assertThat(old.read(new ReadRequest(0, TestStore.ALL, 1, true)))
                    .isEqualTo(new ReadResult.OutOfRange(200, 200));
            assertThat(old.sizeBytes()).isZero();

            store.reopen();

            var reopened = store.lead(id(1, 0), 0);
            assertThat(reopened.logStartOffset()).isEqualTo(200);
            fill(store, reopened, 1, now);
            assertThat(offsets(reopened, 200, 1)).containsExactly(200L);
            assertThat(offsets(store.open(id(1, 1)), start, 1 << 20)).hasSize(200 - (int) start);
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void keepsAtLeastTheBytesThatSizeRetentionNames() {
        try (var store = store()) {
            var log = store.lead(id(1, 0), 0);
            fill(store, log, 300, Batches.NOW_MS);
            long size = log.sizeBytes();
            long limit = size / 3;
            long start = await(log.applyRetention(new Retention(-1, limit), Batches.NOW_MS, 300));
            assertThat(log.sizeBytes()).isBetween(limit, limit + 8 * 1024);
            assertThat(start).isBetween(190L, 200L);
            assertThat(TestStore.read(log, start, 1 << 20).remaining()).isEqualTo((int) log.sizeBytes());
            assertThat(await(log.applyRetention(new Retention(-1, 0), Batches.NOW_MS, 250)))
                    .as("never above the high watermark")
                    .isEqualTo(250);
            assertThat(await(log.applyRetention(new Retention(-1, 0), Batches.NOW_MS, 300)))
                    .isEqualTo(300);
        }
    }

    @Test
    void doesNotDeleteForSizeWhatADeletionOfRecordsIsAboutToFree() throws Exception {
        try (var store = store()) {
            var log = store.lead(id(1, 0), 0);
            var other = store.lead(id(1, 1), 0);
            fill(store, log, 300, Batches.NOW_MS);
            long limit = log.sizeBytes() / 2;
            var first = new Stop();
            var second = new Stop();
            first.holdAfter(other);
            assertThat(first.reached.await(20, TimeUnit.SECONDS)).isTrue();
            // Both go into one turn, whose new log start is not shown before the append ahead of it is reported.
            second.holdAfter(other);
            var deleted = log.deleteRecordsBefore(150);
            first.released.countDown();
            assertThat(second.reached.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(log.logStartOffset()).isZero();
            var retained = log.applyRetention(new Retention(-1, limit), Batches.NOW_MS, 300);
            second.released.countDown();
            assertThat(await(deleted)).isEqualTo(150);
            assertThat(await(retained)).isEqualTo(150);
            assertThat(log.logStartOffset()).isEqualTo(150);
        }
    }

    /** Holds the writer while a test looks. */
    private static final class Stop implements AppendListener {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        void holdAfter(PartitionLog log) {
            var buffer = CountedBuffer.direct(Batches.records(1, 10));
            log.append(new AppendRequest(0, Origin.CLIENT, buffer, Batches.NOW_MS, false), this);
        }

        @Override
        public void onWritten(Appended appended) {
            reached.countDown();
            try {
                released.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onDurable(Appended appended) {}

        @Override
        public void onRejected(Rejected rejected) {
            throw new AssertionError(rejected.toString());
        }
    }

    @Test
    void tellsAReaderThatTheLogStartOvertookIt() {
        var inReading = new AtomicReference<Runnable>(() -> {});
        var allocated = new ArrayList<ByteBuf>();
        var allocator = new PooledByteBufAllocator(true) {
            @Override
            public ByteBuf directBuffer(int initialCapacity) {
                inReading.get().run();
                var buffer = super.directBuffer(initialCapacity);
                allocated.add(buffer);
                return buffer;
            }
        };
        var options =
                TestStore.options().windowBytes(WINDOW_BYTES).tailCacheBytes(0).allocator(allocator);
        try (var store = TestStore.in(directory, options)) {
            var log = store.lead(id(1, 0), 0);
            fill(store, log, 200, Batches.NOW_MS);
            inReading.set(() -> {
                inReading.set(() -> {});
                await(log.deleteRecordsBefore(150));
            });
            assertThat(log.read(new ReadRequest(10, TestStore.ALL, 10_000, true)))
                    .isEqualTo(new ReadResult.OutOfRange(150, 200));
            assertThat(allocated).isNotEmpty().allMatch(b -> b.refCnt() == 0);
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void deletesRecordsInTheMiddleOfABatchAndTrimsEpochs() {
        try (var store = store()) {
            var log = store.lead(id(1, 0), 0);
            store.append(log, 0, Batches.records(10, 10)).appended();
            await(log.becomeLeader(1));
            store.append(log, 1, Batches.records(10, 10)).appended();
            assertThat(await(log.deleteRecordsBefore(13))).isEqualTo(13);
            assertThat(await(log.deleteRecordsBefore(5))).as("never back").isEqualTo(13);
            for (int i = 0; i < 2; i++) {
                assertThat(log.logStartOffset()).isEqualTo(13);
                assertThat(offsets(log, 13, 1)).containsExactly(10L);
                assertThat(log.endOffsetForEpoch(0)).isEqualTo(new EpochEnd(0, 13));
                assertThat(log.epochOfOffset(12)).isEqualTo(-1);
                assertThat(log.checkpointedHighWatermark()).isEqualTo(13);
                assertThat(log.read(new ReadRequest(12, TestStore.ALL, 1, true)))
                        .isEqualTo(new ReadResult.OutOfRange(13, 20));
                store.reopen();
                log = store.open(id(1, 0));
            }
        }
    }

    @Test
    void forgetsSilentProducersWithRetention() {
        try (var store = store()) {
            var log = store.lead(id(1, 0), 0);
            store.append(log, 0, Batches.produced(1, 0, 0, 1)).appended();
            var later = new TestStore.Append(0, Origin.CLIENT, Batches.NOW_MS + 23 * HOUR_MS, false);
            store.append(log, later, Batches.produced(2, 0, 0, 1)).appended();
            await(log.applyRetention(new Retention(-1, -1), Batches.NOW_MS + 24 * HOUR_MS, 2));
            assertThat(log.producers())
                    .extracting(PartitionLog.ProducerSnapshot::producerId)
                    .containsExactly(2L);
            assertThat(store.append(log, 0, Batches.produced(1, 0, 77, 1))
                            .appended()
                            .duplicate())
                    .isFalse();
        }
    }

    @Test
    void keepsClassesOfRetentionApart() {
        try (var store = store()) {
            var week = store.lead(id(1, 0), 0);
            var hour = store.lead(id(1, 1), 0);
            week.declareRetention(new Retention(Duration.ofDays(7).toMillis(), -1));
            hour.declareRetention(new Retention(HOUR_MS, -1));
            fill(store, week, 1, Batches.NOW_MS);
            fill(store, hour, 200, Batches.NOW_MS);
            assertThat(windows(store)).isGreaterThanOrEqualTo(4);
            await(hour.applyRetention(new Retention(HOUR_MS, -1), Batches.NOW_MS + 2 * HOUR_MS, 200));
            Awaitility.await().until(() -> windows(store) <= 2);
            assertThat(offsets(week, 0, 1)).isEqualTo(List.of(0L));
        }
    }

    @Test
    void dropsWhatADeletedPartitionHeldAlone() {
        try (var store = store()) {
            var log = store.lead(id(1, 0), 0);
            fill(store, log, 300, Batches.NOW_MS);
            assertThat(windows(store)).isGreaterThanOrEqualTo(4);
            await(store.store().delete(id(1, 0)));
            Awaitility.await().until(() -> windows(store) <= 1);
        }
    }
}
