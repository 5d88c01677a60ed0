// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static io.eventfleet.storage.TestStore.offsets;
import static io.eventfleet.storage.TestStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendRequest.Origin;
import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.BrokerMeta;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksLogStoreIT {

    @TempDir
    Path directory;

    @Test
    void readsWhatWasAppendedBeforeAndAfterReopening() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 3);
            for (int i = 0; i < 100; i++) {
                var appended = store.append(log, 3, Batches.records(2, 100)).appended();
                assertThat(appended.baseOffset()).isEqualTo(2L * i);
                assertThat(appended.lastOffset()).isEqualTo(2L * i + 1);
            }
            var before = read(log, 0, 1 << 20);
            assertThat(log.logEndOffset()).isEqualTo(200);
            assertThat(log.durableEndOffset()).isEqualTo(200);
            assertThat(log.sizeBytes()).isEqualTo(before.remaining());

            store.reopen();

            var reopened = store.open(id(1, 0));
            assertThat(reopened.logEndOffset()).isEqualTo(200);
            assertThat(reopened.durableEndOffset()).isEqualTo(200);
            assertThat(reopened.sizeBytes()).isEqualTo(before.remaining());
            assertThat(read(reopened, 0, 1 << 20)).isEqualTo(before);
            assertThat(BatchHeader.at(before, 0).partitionLeaderEpoch()).isEqualTo(3);
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void readsFromTheMiddleInStepsOfAnySize() {
        try (var store = TestStore.in(directory, TestStore.options().tailCacheBytes(0))) {
            var log = store.lead(id(1, 0), 0);
            for (int i = 0; i < 50; i++) {
                store.append(log, 0, Batches.records(3, 200 + i)).appended();
            }
            List<Long> all = offsets(log, 0, 1 << 20);
            assertThat(all).hasSize(50);
            for (int maxBytes : new int[] {1, 700, 5000, 1 << 16}) {
                assertThat(offsets(log, 0, maxBytes)).isEqualTo(all);
            }
            assertThat(offsets(log, 76, 1).getFirst()).isEqualTo(75);
            assertThat(log.read(new ReadRequest(0, 3, 1 << 20, true)))
                    .isInstanceOfSatisfying(ReadResult.Batches.class, b -> {
                        assertThat(b.nextOffset()).isEqualTo(3);
                        b.buffers().forEach(io.eventfleet.core.log.RecordBuffer::release);
                    });
            assertThat(log.read(new ReadRequest(0, TestStore.ALL, 10, false)))
                    .isEqualTo(new ReadResult.Batches(List.of(), 0, 0));
            assertThat(log.read(new ReadRequest(150, TestStore.ALL, 10, true)))
                    .isEqualTo(new ReadResult.Batches(List.of(), 0, 150));
            assertThat(log.read(new ReadRequest(151, TestStore.ALL, 10, true)))
                    .isEqualTo(new ReadResult.OutOfRange(0, 150));
        }
    }

    @Test
    void refusesAppendsOfAnotherEpochAndAfterResigning() {
        try (var store = TestStore.in(directory)) {
            var log = store.open(id(1, 0));
            assertThat(store.append(log, 0, Batches.records(1, 1)).error())
                    .isEqualTo(KafkaError.NOT_LEADER_OR_FOLLOWER);
            await(log.becomeLeader(5));
            assertThat(store.append(log, 4, Batches.records(1, 1)).error())
                    .isEqualTo(KafkaError.NOT_LEADER_OR_FOLLOWER);
            assertThat(store.append(log, 5, Batches.records(1, 1)).error()).isEqualTo(KafkaError.NONE);
            await(log.resign());
            assertThat(store.append(log, 5, Batches.records(1, 1)).error())
                    .isEqualTo(KafkaError.NOT_LEADER_OR_FOLLOWER);
            assertThatThrownBy(() -> await(log.becomeLeader(4))).isInstanceOf(IllegalStateException.class);
            assertThat(store.referenced()).as("only the tail cache refers").isEqualTo(1);
        }
    }

    @Test
    void keepsEpochsOverRestart() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 1);
            store.append(log, 1, Batches.records(10, 1)).appended();
            await(log.becomeLeader(2));
            await(log.becomeLeader(4));
            store.append(log, 4, Batches.records(5, 1)).appended();
            for (int i = 0; i < 2; i++) {
                assertThat(log.endOffsetForEpoch(1)).isEqualTo(new EpochEnd(1, 10));
                assertThat(log.endOffsetForEpoch(2)).isEqualTo(new EpochEnd(1, 10));
                assertThat(log.endOffsetForEpoch(4)).isEqualTo(new EpochEnd(4, 15));
                assertThat(log.endOffsetForEpoch(5)).isEqualTo(new EpochEnd(-1, -1));
                assertThat(log.epochOfOffset(9)).isEqualTo(1);
                assertThat(log.epochOfOffset(10)).isEqualTo(4);
                assertThat(log.leaderEpoch()).isEqualTo(4);
                store.reopen();
                log = store.open(id(1, 0));
            }
            var reopened = log;
            assertThatThrownBy(() -> await(reopened.becomeLeader(3))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void remembersProducersOverRestart() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var first = store.append(log, 0, Batches.produced(9, 0, 0, 3)).appended();
            store.append(log, 0, Batches.produced(9, 0, 3, 2)).appended();
            store.reopen();
            log = store.lead(id(1, 0), 0);
            var again = store.append(log, 0, Batches.produced(9, 0, 0, 3)).appended();
            assertThat(again.duplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
            assertThat(again.lastOffset()).isEqualTo(first.lastOffset());
            assertThat(store.append(log, 0, Batches.produced(9, 0, 7, 1)).error())
                    .isEqualTo(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(store.append(log, 0, Batches.produced(9, 0, 5, 1)).error())
                    .isEqualTo(KafkaError.NONE);
            assertThat(store.append(log, 0, Batches.produced(9, 1, 0, 1)).error())
                    .isEqualTo(KafkaError.NONE);
            assertThat(store.append(log, 0, Batches.produced(9, 0, 6, 1)).error())
                    .isEqualTo(KafkaError.INVALID_PRODUCER_EPOCH);
            assertThat(log.logEndOffset()).isEqualTo(7);
            assertThat(log.producers())
                    .containsExactly(new PartitionLog.ProducerSnapshot(9, (short) 1, 0, 6, Batches.NOW_MS));
        }
    }

    @Test
    void answersADuplicateInOrderOfTheOriginal() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var outcomes = new ArrayList<TestStore.Outcome>();
            for (int i = 0; i < 20; i++) {
                outcomes.add(store.append(log, 0, Batches.produced(1, 0, i / 2, 1)));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(outcomes.get(i).appended().baseOffset()).isEqualTo(i / 2);
                assertThat(outcomes.get(i).appended().duplicate()).isEqualTo(i % 2 == 1);
            }
            assertThat(log.logEndOffset()).isEqualTo(10);
        }
    }

    @Test
    void stampsAppendTimeAndTakesSeveralBatchesOfACoordinator() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            var stamp = new TestStore.Append(0, Origin.CLIENT, Batches.NOW_MS + 77, true);
            assertThat(store.append(log, stamp, Batches.records(2, 1))
                            .appended()
                            .logAppendTimeMs())
                    .isEqualTo(Batches.NOW_MS + 77);
            var coordinator = new TestStore.Append(0, Origin.COORDINATOR, Batches.NOW_MS, false);
            var several = Batches.together(Batches.records(2, 5), Batches.records(3, 6), Batches.produced(5, 0, 7, 1));
            assertThat(store.append(log, coordinator, several).appended().lastOffset())
                    .isEqualTo(7);
            for (int i = 0; i < 2; i++) {
                var bytes = read(log, 0, 1 << 20);
                assertThat(BatchHeader.at(bytes, 0).isAppendTime()).isTrue();
                assertThat(BatchHeader.at(bytes, 0).maxTimestamp()).isEqualTo(Batches.NOW_MS + 77);
                assertThat(offsets(log, 0, 1)).containsExactly(0L, 2L, 4L, 7L);
                assertThat(offsets(log, 3, 1 << 20)).containsExactly(2L, 4L, 7L);
                store.reopen();
                log = store.open(id(1, 0));
            }
        }
    }

    @Test
    void acceptsHeapBuffersAndReleasesEveryBuffer() {
        var heap = CountedBuffer.heap(Batches.records(2, 9));
        var store = TestStore.in(directory);
        var log = store.lead(id(1, 0), 0);
        TestStore.append(log, new TestStore.Append(0, Origin.CLIENT, Batches.NOW_MS, false), heap)
                .appended();
        for (int i = 0; i < 100; i++) {
            store.append(log, 0, Batches.records(1, 100)).appended();
        }
        assertThat(offsets(log, 0, 1 << 20)).hasSize(101);
        store.close();
        assertThat(heap.references()).isEqualTo(1);
        assertThat(store.referenced()).isZero();
    }

    @Test
    void deletesAPartitionForGoodAndGivesItsSuccessorAnEmptyLog() {
        try (var store = TestStore.in(directory)) {
            var log = store.lead(id(1, 0), 0);
            store.lead(id(1, 1), 0);
            store.append(log, 0, Batches.produced(1, 0, 0, 5)).appended();
            await(store.store().delete(id(1, 0)));
            assertThat(store.store().get(id(1, 0))).isEmpty();
            assertThat(store.append(log, 0, Batches.records(1, 1)).error())
                    .isEqualTo(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(store.store().stored()).containsExactly(id(1, 1));
            await(store.store().delete(id(9, 9)));
            store.reopen();
            assertThat(store.store().stored()).containsExactly(id(1, 1));
            var successor = store.lead(id(1, 0), 0);
            assertThat(successor.logEndOffset()).isZero();
            assertThat(successor.producers()).isEmpty();
            store.append(successor, 0, Batches.records(1, 1)).appended();
            assertThat(offsets(successor, 0, 1)).containsExactly(0L);
        }
    }

    @Test
    void keepsBrokerFactsAndTheHighWatermark() {
        try (var store = TestStore.in(directory)) {
            byte[] directoryId =
                    store.store().meta().get(BrokerMeta.DIRECTORY_ID).orElseThrow();
            await(store.store().meta().putSync(Map.of("a", "1".getBytes(StandardCharsets.UTF_8), "b", new byte[] {2})));
            await(store.store().meta().putSync(Map.of("b", new byte[0])));
            var log = store.lead(id(1, 0), 0);
            store.append(log, 0, Batches.records(5, 1)).appended();
            log.checkpointHighWatermark(4);
            store.reopen();
            assertThat(store.store().meta().get("a")).hasValue("1".getBytes(StandardCharsets.UTF_8));
            assertThat(store.store().meta().get("b")).isEmpty();
            assertThat(store.store().meta().get(BrokerMeta.DIRECTORY_ID)).hasValue(directoryId);
            assertThat(store.open(id(1, 0)).checkpointedHighWatermark()).isEqualTo(4);
        }
    }

    @Test
    void keepsTheNumberOfShardsOfTheFormat() {
        try (var store = TestStore.in(directory, TestStore.options().shards(3))) {
            for (int i = 0; i < 30; i++) {
                store.append(store.lead(id(2, i), 0), 0, Batches.records(i + 1, 1))
                        .appended();
            }
        }
        try (var store = TestStore.in(directory, TestStore.options().shards(1))) {
            assertThat(store.store().stored()).hasSize(30);
            for (int i = 0; i < 30; i++) {
                assertThat(store.open(id(2, i)).logEndOffset()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void refusesALockedAForeignAndAnIncompleteDirectory() throws Exception {
        try (var store =
                TestStore.in(directory.resolve("a"), TestStore.options().shards(2))) {
            assertThatThrownBy(() -> TestStore.in(directory.resolve("a")))
                    .hasMessageContaining("in use by another process");
            assertThat(store.faults()).isEmpty();
        }
        Files.createDirectories(directory.resolve("b"));
        Files.writeString(directory.resolve("b/letter.txt"), "dear");
        assertThatThrownBy(() -> TestStore.in(directory.resolve("b"))).hasMessageContaining("letter.txt");
        Files.move(directory.resolve("a/shard-1"), directory.resolve("elsewhere"));
        assertThatThrownBy(() -> TestStore.in(directory.resolve("a")))
                .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.reason())
                        .isEqualTo(StorageException.Reason.MISSING_SHARD));
    }
}
