// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static io.eventfleet.storage.TestStore.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.Retention;
import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at limits: queue, disk, cache, number of partitions. */
class LimitsIT {

    @TempDir
    Path directory;

    @Test
    void groupsWaitingAppendsOfManyPartitionsIntoFewSyncs() {
        try (var store = TestStore.in(directory)) {
            var outcomes = new ArrayList<TestStore.Outcome>();
            var logs = new ArrayList<PartitionLog>();
            for (int p = 0; p < 50; p++) {
                logs.add(store.lead(id(1, p), 0));
            }
            long before = store.store().stats().syncs().count();
            for (int i = 0; i < 5000; i++) {
                outcomes.add(store.append(logs.get(i % 50), 0, Batches.records(1, 100)));
            }
            outcomes.forEach(TestStore.Outcome::appended);
            var stats = store.store().stats();
            assertThat(stats.syncs().count() - before).isLessThan(1000);
            assertThat(stats.appends().appends()).isGreaterThanOrEqualTo(5000);
            assertThat(stats.held().rocksMemoryBytes()).isPositive();
        }
    }

    @Test
    void reportsInOffsetOrderAndNeverDurableBeforeWritten() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var events = new ArrayList<String>();
            var done = new CountDownLatch(300);
            for (int i = 0; i < 300; i++) {
                var outcome = store.append(log, 0, Batches.records(1, 10));
                outcome.written().thenAccept(a -> {
                    synchronized (events) {
                        events.add("w" + a.baseOffset());
                    }
                });
                outcome.durable().thenAccept(a -> {
                    synchronized (events) {
                        events.add("d" + a.baseOffset());
                    }
                    done.countDown();
                });
            }
            Awaitility.await().until(() -> done.getCount() == 0);
            for (String kind : List.of("w", "d")) {
                assertThat(events.stream().filter(e -> e.startsWith(kind)))
                        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 300)
                                .mapToObj(i -> kind + i)
                                .toList());
            }
            for (int i = 0; i < 300; i++) {
                assertThat(events.indexOf("w" + i)).isLessThan(events.indexOf("d" + i));
            }
        }
    }

    @Test
    void refusesAppendsBeyondTheQueueAndKeepsNoReferenceToThem() {
        try (var store =
                TestStore.in(directory, TestStore.options().queueBytes(4096).tailCacheBytes(0))) {
            var log = store.lead(id(1, 0), 0);
            var gate = new CountDownLatch(1);
            var entered = new CountDownLatch(1);
            // The first append's listener holds the writer, so that the queue fills behind it.
            store.append(log, 0, Batches.records(1, 10)).written().thenAccept(a -> hold(entered, gate));
            var outcomes = new ArrayList<TestStore.Outcome>();
            Awaitility.await().until(() -> {
                outcomes.add(store.append(log, 0, Batches.records(1, 1000)));
                return store.store().stats().queue().refused() > 0;
            });
            gate.countDown();
            var errors = outcomes.stream().map(TestStore.Outcome::error).toList();
            assertThat(errors).contains(KafkaError.KAFKA_STORAGE_ERROR).endsWith(KafkaError.KAFKA_STORAGE_ERROR);
            long stored = 1 + errors.stream().filter(e -> e == KafkaError.NONE).count();
            assertThat(log.logEndOffset()).isEqualTo(stored);
            assertThat(store.append(log, 0, Batches.records(1, 10)).appended().baseOffset())
                    .isEqualTo(stored);
            assertThat(store.referenced()).isZero();
        }
    }

    @Test
    void failsTheShardWhenAnAppendListenerEndsWithAnError() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var buffer = CountedBuffer.direct(Batches.records(1, 10));
            log.append(
                    new AppendRequest(0, AppendRequest.Origin.CLIENT, buffer, Batches.NOW_MS, false),
                    new AppendListener() {
                        @Override
                        public void onWritten(Appended appended) {
                            throw new LinkageError("made by a test");
                        }

                        @Override
                        public void onDurable(Appended appended) {}

                        @Override
                        public void onRejected(Rejected rejected) {}
                    });
            Awaitility.await().until(() -> store.faults().size() == 1);
            assertThat(store.append(log, 0, Batches.records(1, 10)).error()).isEqualTo(KafkaError.KAFKA_STORAGE_ERROR);
        }
    }

    @Test
    void failsTheShardWhenItsThreadsMeetAnError() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var damaged = new RecordBuffer() {
                @Override
                public ByteBuffer bytes() {
                    throw new LinkageError("made by a test");
                }

                @Override
                public int sizeBytes() {
                    return 100;
                }

                @Override
                public RecordBuffer retain() {
                    return this;
                }

                @Override
                public void release() {}
            };
            log.append(
                    new AppendRequest(0, AppendRequest.Origin.CLIENT, damaged, Batches.NOW_MS, false),
                    new AppendListener() {
                        @Override
                        public void onWritten(Appended appended) {}

                        @Override
                        public void onDurable(Appended appended) {}

                        @Override
                        public void onRejected(Rejected rejected) {}
                    });
            Awaitility.await().until(() -> store.faults().size() == 1);
        }
    }

    private static void hold(CountDownLatch entered, CountDownLatch gate) {
        try {
            entered.countDown();
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void refusesAppendsOnAFullDiskWhileReadsAndRetentionGoOn() {
        var free = new AtomicLong(1L << 40);
        var options = TestStore.options().diskReserveBytes(1000).freeSpace(path -> free.get());
        try (var store = TestStore.in(directory, options)) {
            var log = store.lead(id(1, 0), 0);
            store.append(log, 0, Batches.records(10, 10)).appended();
            free.set(999);
            Awaitility.await()
                    .until(() ->
                            store.append(log, 0, Batches.records(1, 10)).error() == KafkaError.KAFKA_STORAGE_ERROR);
            long end = log.logEndOffset();
            assertThat(store.store().stats().held().diskFull()).isTrue();
            assertThat(offsets(log, 0, 1 << 20)).isNotEmpty();
            assertThat(await(log.applyRetention(new Retention(-1, 0), Batches.NOW_MS, end)))
                    .isEqualTo(end);
            free.set(1000);
            Awaitility.await()
                    .until(() -> store.append(log, 0, Batches.records(1, 10)).error() == KafkaError.NONE);
            assertThat(offsets(log, end, 1)).containsExactly(end);
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void answersTailReadsFromMemoryWithTheSameBytesAsFromDisk() {
        try (var store = TestStore.in(directory, TestStore.options().tailCacheBytes(64 * 1024))) {
            var busy = store.lead(id(1, 0), 0);
            var quiet = store.lead(id(1, 1), 0);
            store.append(quiet, 0, Batches.records(3, 100)).appended();
            for (int i = 0; i < 300; i++) {
                store.append(busy, 0, Batches.records(2, 500)).appended();
            }
            long hits = store.store().stats().tailCache().hits();
            long misses = store.store().stats().tailCache().misses();
            var tail = TestStore.read(busy, 580, 1 << 20);
            assertThat(TestStore.read(quiet, 0, 1 << 20).remaining())
                    .as("the quiet partition kept its share")
                    .isPositive();
            assertThat(store.store().stats().tailCache().hits()).isEqualTo(hits + 2);
            var all = TestStore.read(busy, 0, 1 << 20);
            assertThat(store.store().stats().tailCache().misses()).isEqualTo(misses + 1);
            assertThat(all.slice(all.limit() - tail.limit(), tail.limit())).isEqualTo(tail);
            assertThat(store.store().stats().tailCache().bytes()).isLessThanOrEqualTo(64 * 1024);
            store.reopen();
            assertThat(TestStore.read(store.open(id(1, 0)), 0, 1 << 20)).isEqualTo(all);
        }
    }

    @Test
    void holdsTwentyThousandPartitions() {
        int count = 20_000;
        try (var store = TestStore.in(directory, TestStore.options().durability(Durability.BUFFERED))) {
            var opening = new ArrayList<CompletableFuture<PartitionLog>>();
            for (int i = 0; i < count; i++) {
                opening.add(store.store().open(id(3, i)).toCompletableFuture());
            }
            var leading = new ArrayList<CompletableFuture<Void>>();
            for (var log : opening) {
                leading.add(await(log).becomeLeader(0).toCompletableFuture());
            }
            leading.forEach(TestStore::await);
            var outcomes = new ArrayList<TestStore.Outcome>();
            for (int i = 0; i < count; i++) {
                outcomes.add(store.append(await(opening.get(i)), 0, Batches.records(1, 10)));
            }
            outcomes.forEach(TestStore.Outcome::appended);
            assertThat(directory.resolve("shard-0").toFile().list()).hasSizeLessThan(100);

            store.reopen();

            assertThat(store.store().stored()).hasSize(count);
            assertThat(store.store().stats().held().openPartitions()).isZero();
            for (int i = 0; i < count; i += 997) {
                assertThat(offsets(store.open(id(3, i)), 0, 1)).containsExactly(0L);
            }
        }
    }

    @Test
    void refusesEverythingOnceClosed() {
        var store = TestStore.in(directory);
        var log = store.lead(id(1, 0), 0);
        store.append(log, 0, Batches.records(1, 10)).appended();
        store.close();
        store.close();
        assertThat(store.store().stats().held().rocksMemoryBytes()).isZero();
        assertThat(store.append(log, 0, Batches.records(1, 10)).error()).isEqualTo(KafkaError.KAFKA_STORAGE_ERROR);
        assertThatThrownBy(() -> await(log.becomeLeader(1))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(store.store().open(id(1, 9)))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> log.read(new PartitionLog.ReadRequest(0, 1, 1, true)))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void servesReadersWhileWritingRollingAndExpiring() throws Exception {
        var options = TestStore.options()
                .durability(Durability.BUFFERED)
                .windowBytes(128 * 1024)
                .indexIntervalBytes(4096)
                .tailCacheBytes(32 * 1024);
        try (var store = TestStore.in(directory, options)) {
            var log = store.lead(id(1, 0), 0);
            var failures = new ArrayList<Throwable>();
            var reader = Thread.ofPlatform().start(() -> tailFromTheStart(log, 3000, failures));
            for (int i = 0; i < 3000; i++) {
                store.append(log, 0, Batches.records(1, 1000)).written().join();
                if (i % 500 == 499) {
                    await(log.deleteRecordsBefore(i - 450));
                }
            }
            reader.join();
            assertThat(failures).isEmpty();
            assertThat(store.faults()).isEmpty();
        }
    }

    private static void tailFromTheStart(PartitionLog log, long until, List<Throwable> failures) {
        try {
            long next = 0;
            while (next < until) {
                switch (log.read(new PartitionLog.ReadRequest(next, TestStore.ALL, 10_000, true))) {
                    case PartitionLog.ReadResult.OutOfRange range -> next = range.logStartOffset();
                    case PartitionLog.ReadResult.Batches batches -> {
                        next = batches.nextOffset();
                        batches.buffers().forEach(RecordBuffer::release);
                    }
                }
            }
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }
}
