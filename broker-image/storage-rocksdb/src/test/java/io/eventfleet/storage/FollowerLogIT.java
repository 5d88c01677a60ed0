// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static io.eventfleet.storage.TestStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.EpochHistory.EpochStart;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.ProducerSnapshot;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that follows: it is a copy of its leader's, and truncation leaves nothing of what it removes. */
class FollowerLogIT {

    @TempDir
    Path directory;

    /** Copies everything from the follower's end on, in steps. */
    private static void copy(TestStore store, PartitionLog leader, PartitionLog follower, int stepBytes) {
        while (follower.logEndOffset() < leader.logEndOffset()) {
            var bytes = read(leader, follower.logEndOffset(), stepBytes);
            store.replicate(follower, follower.leaderEpoch(), bytes).appended();
        }
    }

    @Test
    void isACopyOfTheLeadersLogAlsoAfterReopening() {
        try (var store = TestStore.in(directory)) {
            var leader = store.lead(id(1, 0), 1);
            store.append(leader, 1, Batches.records(10, 100)).appended();
            for (int i = 0; i < 8; i++) {
                store.append(leader, 1, Batches.produced(7, 0, i * 2, 2)).appended();
            }
            await(leader.becomeLeader(3));
            store.append(leader, 3, Batches.produced(8, 2, 0, 2)).appended();
            var follower = store.follow(id(2, 0), 3);
            copy(store, leader, follower, 300);
            for (int i = 0; i < 2; i++) {
                assertThat(read(follower, 0, 1 << 20)).isEqualTo(read(leader, 0, 1 << 20));
                assertThat(follower.epochs().starts()).containsExactly(new EpochStart(1, 0), new EpochStart(3, 26));
                assertThat(follower.latestEpoch()).isEqualTo(3);
                assertThat(follower.producers()).containsExactlyInAnyOrderElementsOf(leader.producers());
                assertThat(follower.sizeBytes()).isEqualTo(leader.sizeBytes());
                assertThat(follower.durableEndOffset()).isEqualTo(28);
                assertThat(follower.leaderEpoch()).isEqualTo(3);
                store.reopen();
                leader = store.open(id(1, 0));
                follower = store.open(id(2, 0));
            }
        }
    }

    @Test
    void knowsARetriedBatchWhenItTakesOver() {
        try (var store = TestStore.in(directory)) {
            var leader = store.lead(id(1, 0), 1);
            for (int i = 0; i < 7; i++) {
                store.append(leader, 1, Batches.produced(7, 0, i, 1)).appended();
            }
            var follower = store.follow(id(2, 0), 1);
            copy(store, leader, follower, 1 << 20);
            await(follower.becomeLeader(2));
            var retried =
                    store.append(follower, 2, Batches.produced(7, 0, 6, 1)).appended();
            assertThat(retried.duplicate()).isTrue();
            assertThat(retried.baseOffset()).isEqualTo(6);
            assertThat(store.append(follower, 2, Batches.produced(7, 0, 8, 1)).error())
                    .isEqualTo(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
    }

    @Test
    void takesNothingElseWhileItFollows() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 3);
            store.append(log, 3, Batches.records(1, 1)).appended();
            assertThat(store.referenced())
                    .as("a leader's newest batch is cached")
                    .isEqualTo(1);
            await(log.becomeFollower(4));
            await(log.truncateTo(4, 0));
            assertThat(store.append(log, 4, Batches.records(1, 1)).error())
                    .isEqualTo(KafkaError.NOT_LEADER_OR_FOLLOWER);
            assertThat(store.replicate(log, 3, Batches.stored(Batches.records(1, 1), 0, 3))
                            .error())
                    .isEqualTo(KafkaError.NOT_LEADER_OR_FOLLOWER);
            assertThat(store.replicate(log, 4, Batches.stored(Batches.records(1, 1), 1, 4))
                            .error())
                    .isEqualTo(KafkaError.OFFSET_OUT_OF_RANGE);
            assertThat(store.replicate(log, 4, Batches.stored(Batches.records(3, 1), 0, 4))
                            .error())
                    .isEqualTo(KafkaError.NONE);
            var again = store.replicate(log, 4, Batches.stored(Batches.records(3, 1), 0, 4))
                    .appended();
            assertThat(again.duplicate()).isTrue();
            assertThat(log.logEndOffset()).isEqualTo(3);
            assertThatThrownBy(() -> await(log.truncateTo(3, 0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("epoch 3");
            assertThatThrownBy(() -> await(log.becomeFollower(3))).isInstanceOf(IllegalStateException.class);
            await(log.becomeLeader(5));
            assertThatThrownBy(() -> await(log.truncateTo(5, 0))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> await(log.restartAt(5, 0))).isInstanceOf(IllegalStateException.class);
            assertThat(log.logEndOffset()).isEqualTo(3);
            assertThat(store.referenced()).as("buffers still held").isZero();
        }
    }

    @Test
    void findsTheLastBatchOfAProducerThatLostAllItKnew() {
        try (var store = TestStore.in(directory, TestStore.options().indexIntervalBytes(1024))) {
            var log = store.follow(id(1, 0), 0);
            long end = 0;
            for (int i = 0; i < 100; i++) {
                store.replicate(log, 0, Batches.stored(Batches.produced(7, 1, i, 1), end++, 0))
                        .appended();
                store.replicate(log, 0, Batches.stored(Batches.produced(8, i, 0, 1), end++, 0))
                        .appended();
            }
            store.replicate(log, 0, Batches.stored(Batches.produced(9, 0, 0, 1), end++, 0))
                    .appended();
            assertThat(await(log.truncateTo(0, 101))).isEqualTo(101);
            for (int i = 0; i < 2; i++) {
                assertThat(log.producers())
                        .containsExactlyInAnyOrder(
                                new ProducerSnapshot(7, (short) 1, 50, 100, Batches.NOW_MS),
                                new ProducerSnapshot(8, (short) 49, 0, 99, Batches.NOW_MS));
                store.reopen();
                log = store.open(id(1, 0));
            }
        }
    }

    @Test
    void lowersTheHighWatermarkAndTheDurableEndWithTheLog() {
        try (var store = TestStore.in(directory)) {
            var log = store.follow(id(1, 0), 0);
            store.replicate(log, 0, Batches.stored(Batches.records(10, 10), 0, 0))
                    .appended();
            store.replicate(log, 0, Batches.stored(Batches.records(10, 10), 10, 0))
                    .appended();
            log.checkpointHighWatermark(20);
            assertThat(await(log.truncateTo(0, 15)))
                    .as("the batch that it lay in begins there")
                    .isEqualTo(10);
            for (int i = 0; i < 2; i++) {
                assertThat(log.checkpointedHighWatermark()).isEqualTo(10);
                assertThat(log.durableEndOffset()).isEqualTo(10);
                assertThat(log.logEndOffset()).isEqualTo(10);
                assertThat(log.sizeBytes()).isEqualTo(read(log, 0, 1 << 20).remaining());
                store.reopen();
                log = store.open(id(1, 0));
            }
        }
    }

    /** Writes the end of a log again and again; everybody who reads meanwhile must see one version of it, whole. */
    @Test
    void neverShowsReadersAMixtureOfWhatWasAndWhatIs() throws Exception {
        var options = TestStore.options().windowBytes(32 * 1024).indexIntervalBytes(2 * 1024);
        try (var store = TestStore.in(directory, options)) {
            var log = store.follow(id(1, 0), 0);
            for (int i = 0; i < 20; i++) {
                store.replicate(log, 0, tagged(i * 5L, 5, 0)).appended();
            }
            var stop = new AtomicBoolean();
            var reads = new AtomicLong();
            var removed = new AtomicLong(-1);
            var readers = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 2; i++) {
                readers.add(CompletableFuture.runAsync(() -> {
                    while (!stop.get()) {
                        check(log, removed);
                        reads.incrementAndGet();
                    }
                }));
            }
            for (int version = 1; version <= 60; version++) {
                // Not waited for: the truncation overtakes their sync.
                long end = 100;
                for (int i = 0; i < 30; i++) {
                    int records = 1 + (version + i) % 5;
                    store.replicate(log, 0, tagged(end, records, version));
                    end += records;
                }
                await(log.truncateTo(0, 100));
                removed.set(version);
                assertThat(log.logEndOffset()).isEqualTo(100);
                assertThat(log.durableEndOffset()).isEqualTo(100);
            }
            stop.set(true);
            readers.forEach(TestStore::await);
            assertThat(reads).hasValueGreaterThan(10);
            assertThat(store.faults()).isEmpty();
        }
    }

    private static ByteBuffer tagged(long baseOffset, int records, int version) {
        var batch = Batches.produced(version, 0, (int) baseOffset, records);
        return Batches.stored(batch, baseOffset, 0);
    }

    private static void check(PartitionLog log, AtomicLong removed) {
        long goneBefore = removed.get();
        long durable = log.durableEndOffset();
        var result = log.read(new ReadRequest(50, Long.MAX_VALUE, 1 << 20, true));
        if (!(result instanceof ReadResult.Batches batches)) {
            throw new AssertionError(result.toString());
        }
        long next = 50;
        long version = -1;
        for (var buffer : batches.buffers()) {
            for (var batch : MemoryRecords.readableRecords(buffer.bytes()).batches()) {
                assertThat(batch.baseOffset()).as("no hole").isEqualTo(next);
                next = batch.nextOffset();
                if (batch.baseOffset() >= 100) {
                    assertThat(version < 0 || version == batch.producerId())
                            .as("versions %d and %d", version, batch.producerId())
                            .isTrue();
                    version = batch.producerId();
                    assertThat(version).as("removed before the read began").isGreaterThan(goneBefore);
                }
            }
        }
        batches.buffers().forEach(RecordBuffer::release);
        assertThat(next).isGreaterThanOrEqualTo(Math.min(durable, 100));
        assertThat(batches.nextOffset()).isEqualTo(next);
    }

    @Test
    void writesManyPartitionsInOneTurn() throws Exception {
        try (var store = TestStore.in(directory)) {
            var logs = new ArrayList<PartitionLog>();
            for (int i = 0; i < 50; i++) {
                logs.add(store.follow(id(1, i), 0));
            }
            long before = store.store().stats().commits().count();
            var held = new CompletableFuture<Void>();
            var entered = new CompletableFuture<Void>();
            var buffer = CountedBuffer.direct(Batches.stored(Batches.records(1, 1), 0, 0));
            logs.getFirst()
                    .append(
                            new io.eventfleet.core.log.AppendRequest(
                                    0, io.eventfleet.core.log.AppendRequest.Origin.REPLICA, buffer, 0, false),
                            new io.eventfleet.core.log.AppendListener() {
                                @Override
                                public void onWritten(Appended appended) {
                                    entered.complete(null);
                                    held.join();
                                }

                                @Override
                                public void onDurable(Appended appended) {}

                                @Override
                                public void onRejected(Rejected rejected) {
                                    entered.completeExceptionally(new AssertionError(rejected.toString()));
                                }
                            });
            await(entered);
            List<TestStore.Outcome> outcomes = new ArrayList<>();
            for (int i = 1; i < 50; i++) {
                outcomes.add(store.replicate(logs.get(i), 0, Batches.stored(Batches.records(1, 1), 0, 0)));
            }
            held.complete(null);
            outcomes.forEach(TestStore.Outcome::appended);
            assertThat(store.store().stats().commits().count() - before).isEqualTo(2);
        }
    }
}
