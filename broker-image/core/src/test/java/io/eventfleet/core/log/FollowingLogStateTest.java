// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import static io.eventfleet.core.log.BatchBuilder.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendRequest.Origin;
import io.eventfleet.core.log.EpochHistory.EpochStart;
import io.eventfleet.core.log.LogState.Decision;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FollowingLogStateTest {

    private final LogState log = log(0, 100);

    private static LogState log(long start, long end) {
        var log = new LogState(
                new LogState.Bounds(start, end), 3, EpochHistory.EMPTY.with(2, start), ProducerStates::new);
        log.becomeFollower(4);
        return log;
    }

    private static Decision decide(LogState log, int epoch, Origin origin, ByteBuffer batches) {
        var request = new AppendRequest(epoch, origin, new HeapBuffer(batches), BatchBuilder.NOW_MS, true);
        Decision decision = log.decide(request, batches);
        if (decision instanceof Decision.Accepted accepted) {
            log.apply(accepted);
        }
        return decision;
    }

    private Decision replicate(ByteBuffer... batches) {
        int size = 0;
        for (var batch : batches) {
            size += batch.remaining();
        }
        var all = ByteBuffer.allocate(size);
        for (var batch : batches) {
            all.put(batch.duplicate());
        }
        return decide(log, 4, Origin.REPLICA, all.flip());
    }

    private static ByteBuffer stored(long baseOffset, int epoch, BatchBuilder builder) {
        var bytes = builder.baseOffset(baseOffset).build();
        BatchHeader.at(bytes, 0).patchPartitionLeaderEpoch(epoch);
        return bytes;
    }

    private static ByteBuffer stored(long baseOffset, int epoch, int count) {
        return stored(baseOffset, epoch, batch(count));
    }

    private static void assertRejected(Decision decision, KafkaError error, String words) {
        assertThat(decision).isInstanceOfSatisfying(Decision.Rejected.class, r -> {
            assertThat(r.error()).isEqualTo(error);
            assertThat(r.message()).contains(words);
        });
    }

    private static void assertAccepted(Decision decision, long baseOffset, long lastOffset) {
        assertThat(decision).isInstanceOfSatisfying(Decision.Accepted.class, a -> {
            assertThat(a.baseOffset()).isEqualTo(baseOffset);
            assertThat(a.lastOffset()).isEqualTo(lastOffset);
        });
    }

    @Test
    void takesALeadersBatchesOnlyWhileFollowingInExactlyThatEpoch() {
        assertRejected(
                decide(log, 3, Origin.REPLICA, stored(100, 2, 1)), KafkaError.NOT_LEADER_OR_FOLLOWER, "in epoch 4");
        assertRejected(
                decide(log, 5, Origin.REPLICA, stored(100, 2, 1)), KafkaError.NOT_LEADER_OR_FOLLOWER, "in epoch 4");
        assertRejected(
                decide(log, 4, Origin.CLIENT, batch(1).build()), KafkaError.NOT_LEADER_OR_FOLLOWER, "follows a leader");
        assertAccepted(replicate(stored(100, 2, 1)), 100, 100);
        log.resign();
        assertRejected(replicate(stored(101, 2, 1)), KafkaError.NOT_LEADER_OR_FOLLOWER, "neither led nor followed");
        log.becomeLeader(5);
        assertRejected(
                decide(log, 5, Origin.REPLICA, stored(101, 2, 1)), KafkaError.NOT_LEADER_OR_FOLLOWER, "is led here");
        assertThatThrownBy(() -> log.becomeFollower(4)).isInstanceOf(IllegalStateException.class);
        assertThat(log.follows(5)).isFalse();
    }

    @Test
    void keepsOffsetsAndMakesAnEntryForEachEpochThatBegins() {
        assertAccepted(replicate(stored(100, 2, 2), stored(102, 3, 1), stored(103, 3, 1), stored(104, 4, 5)), 100, 108);
        assertThat(log.logEndOffset()).isEqualTo(109);
        assertThat(log.epochs().starts())
                .containsExactly(new EpochStart(2, 0), new EpochStart(3, 102), new EpochStart(4, 104));
    }

    @Test
    void refusesWhatDoesNotContinueTheLog() {
        assertRejected(replicate(stored(101, 2, 1)), KafkaError.OFFSET_OUT_OF_RANGE, "at 100");
        assertRejected(replicate(stored(98, 2, 4)), KafkaError.OFFSET_OUT_OF_RANGE, "98 to 101");
        assertRejected(replicate(stored(100, 2, 2), stored(103, 2, 1)), KafkaError.OFFSET_OUT_OF_RANGE, "at 102");
        assertRejected(replicate(stored(100, 2, 2), stored(100, 2, 2)), KafkaError.OFFSET_OUT_OF_RANGE, "at 102");
        assertThat(log.logEndOffset()).as("nothing of them was applied").isEqualTo(100);
    }

    @Test
    void skipsWhatItHasAlready() {
        assertThat(replicate(stored(90, 2, 5), stored(95, 2, 5))).isEqualTo(new Decision.Duplicate(90, 99));
        assertAccepted(replicate(stored(95, 2, 5), stored(100, 2, 3)), 100, 102);
    }

    @Test
    void beginsAnEmptyLogWithTheBatchThatContainsItsStart() {
        var empty = log(105, 105);
        assertAccepted(decide(empty, 4, Origin.REPLICA, stored(98, 4, 10)), 98, 107);
        assertThat(empty.epochs().starts()).containsExactly(new EpochStart(4, 105));
        assertRejected(decide(empty, 4, Origin.REPLICA, stored(106, 4, 5)), KafkaError.OFFSET_OUT_OF_RANGE, "at 108");
    }

    @Test
    void refusesEpochsThatFallOrComeFromTheFuture() {
        assertAccepted(replicate(stored(100, 3, 1)), 100, 100);
        assertRejected(replicate(stored(101, 2, 1)), KafkaError.INVALID_RECORD, "epoch 2");
        assertRejected(replicate(stored(101, 5, 1)), KafkaError.INVALID_RECORD, "epoch 5");
        assertRejected(replicate(stored(101, 4, 1), stored(102, 3, 1)), KafkaError.INVALID_RECORD, "after epoch 4");
        assertRejected(replicate(stored(101, -1, 1)), KafkaError.INVALID_RECORD, "epoch -1");
        assertRejected(
                decide(log, 4, Origin.REPLICA, ByteBuffer.allocate(0)), KafkaError.INVALID_RECORD, "no record batch");
        var cut = stored(101, 4, 2);
        assertRejected(replicate(cut.limit(cut.limit() - 1)), KafkaError.CORRUPT_MESSAGE, "cut off");
    }

    @Test
    void learnsProducersWithoutCheckingThem() {
        replicate(
                stored(100, 4, batch(2).producer(7, 0, 40)),
                stored(102, 4, batch(1).producer(7, 0, 42)),
                stored(103, 4, batch(1).producer(8, 1, 0)),
                stored(104, 4, batch(1).producer(9, 0, -1)));
        var seven = log.producers().entry(7);
        assertThat(seven.batches()).hasSize(2);
        assertThat(seven.lastSequence()).isEqualTo(42);
        assertThat(seven.lastOffset()).isEqualTo(102);
        assertThat(log.producers().entry(8).producerEpoch()).isEqualTo((short) 1);
        assertThat(log.producers().get(9)).as("a batch without a sequence").isNull();

        log.becomeLeader(5);
        var retried = batch(1).producer(7, 0, 42).build();
        assertThat(decide(log, 5, Origin.CLIENT, retried)).isEqualTo(new Decision.Duplicate(102, 102));
    }

    @Test
    void forgetsWhatCameWithTheRemovedRecords() {
        for (int i = 0; i < 5; i++) {
            replicate(stored(100 + i, 3, batch(1).producer(7, 0, i)));
        }
        replicate(stored(105, 4, batch(1).producer(8, 0, 0)), stored(106, 4, batch(1).producer(9, 0, 50)));
        var truncated = log.truncate(103);
        assertThat(log.logEndOffset()).isEqualTo(103);
        assertThat(log.epochs().starts()).containsExactly(new EpochStart(2, 0), new EpochStart(3, 100));
        assertThat(log.producers().entry(7).lastSequence()).isEqualTo(2);
        assertThat(truncated.shortened()).extracting(ProducerEntry::producerId).containsExactly(7L);
        assertThat(truncated.emptied())
                .extracting(ProducerEntry::producerId, ProducerEntry::mayHaveOlderBatches)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(8L, false), org.assertj.core.groups.Tuple.tuple(9L, true));
        assertThat(log.producers().size()).isEqualTo(1);
        assertThatThrownBy(() -> log.truncate(104)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forgetsAnEpochThatWroteNothing() {
        log.becomeLeader(6);
        log.becomeFollower(7);
        assertThat(log.epochs().latestEpoch()).isEqualTo(6);
        log.truncate(100);
        assertThat(log.epochs().latestEpoch()).isEqualTo(2);
        assertAccepted(decide(log, 7, Origin.REPLICA, stored(100, 3, 1)), 100, 100);
    }

    @Test
    void restartsEmpty() {
        replicate(stored(100, 3, batch(1).producer(7, 0, 0)));
        log.restartAt(500);
        assertThat(log.logStartOffset()).isEqualTo(500);
        assertThat(log.logEndOffset()).isEqualTo(500);
        assertThat(log.epochs()).isEqualTo(EpochHistory.EMPTY);
        assertThat(log.producers().size()).isZero();
        assertAccepted(replicate(stored(500, 2, 1)), 500, 500);
    }
}
