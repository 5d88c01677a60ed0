// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import static io.eventfleet.core.log.BatchBuilder.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendRequest.Origin;
import io.eventfleet.core.log.LogState.Decision;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LogStateTest {

    private final LogState log = new LogState(new LogState.Bounds(0, 100), 3, EpochHistory.EMPTY, ProducerStates::new);

    private Decision decide(int epoch, Origin origin, ByteBuffer batches) {
        var request = new AppendRequest(epoch, origin, new HeapBuffer(batches), BatchBuilder.NOW_MS, false);
        Decision decision = log.decide(request, batches);
        if (decision instanceof Decision.Accepted accepted) {
            log.apply(accepted);
        }
        return decision;
    }

    private Decision produce(long producer, int epoch, int sequence, int count) {
        return decide(
                4,
                Origin.CLIENT,
                batch(count).producer(producer, epoch, sequence).build());
    }

    private static void assertRejected(Decision decision, KafkaError error) {
        assertThat(decision).isInstanceOfSatisfying(Decision.Rejected.class, r -> assertThat(r.error())
                .isEqualTo(error));
    }

    private static void assertAccepted(Decision decision, long baseOffset, long lastOffset) {
        assertThat(decision).isInstanceOfSatisfying(Decision.Accepted.class, a -> {
            assertThat(a.baseOffset()).isEqualTo(baseOffset);
            assertThat(a.lastOffset()).isEqualTo(lastOffset);
        });
    }

    @Test
    void acceptsOnlyUnderTheCurrentEpochWhileLeading() {
        assertRejected(decide(3, Origin.CLIENT, batch(1).build()), KafkaError.NOT_LEADER_OR_FOLLOWER);
        log.becomeLeader(4);
        assertRejected(decide(3, Origin.CLIENT, batch(1).build()), KafkaError.NOT_LEADER_OR_FOLLOWER);
        assertRejected(decide(5, Origin.CLIENT, batch(1).build()), KafkaError.NOT_LEADER_OR_FOLLOWER);
        assertAccepted(decide(4, Origin.CLIENT, batch(3).build()), 100, 102);
        log.resign();
        assertRejected(decide(4, Origin.CLIENT, batch(1).build()), KafkaError.NOT_LEADER_OR_FOLLOWER);
        assertThatThrownBy(() -> log.becomeLeader(3)).isInstanceOf(IllegalStateException.class);
        assertThat(log.becomeLeader(4)).as("known already").isFalse();
        assertAccepted(decide(4, Origin.CLIENT, batch(1).build()), 103, 103);
        assertThat(log.epochs().epochOf(103)).isEqualTo(4);
    }

    @Test
    void aDecisionAloneChangesNothing() {
        log.becomeLeader(4);
        var batches = batch(2).producer(1, 0, 0).build();
        var request = new AppendRequest(4, Origin.CLIENT, new HeapBuffer(batches), 0, false);
        assertThat(log.decide(request, batches)).isInstanceOf(Decision.Accepted.class);
        assertThat(log.decide(request, batches)).isInstanceOf(Decision.Accepted.class);
        assertThat(log.logEndOffset()).isEqualTo(100);
        assertThat(log.producers().size()).isZero();
    }

    @Test
    void findsTheLastFiveBatchesAgainAndNoOlderOne() {
        log.becomeLeader(4);
        for (int i = 0; i < 6; i++) {
            assertAccepted(produce(1, 0, i * 2, 2), 100 + i * 2L, 101 + i * 2L);
        }
        assertRejected(produce(1, 0, 0, 2), KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        for (int i = 1; i < 6; i++) {
            assertThat(produce(1, 0, i * 2, 2)).isEqualTo(new Decision.Duplicate(100 + i * 2L, 101 + i * 2L));
        }
        assertRejected(produce(1, 0, 2, 1), KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void demandsGaplessSequencesWithinAnEpochAndZeroInANewOne() {
        log.becomeLeader(4);
        assertAccepted(produce(1, 5, 0, 1), 100, 100);
        assertRejected(produce(1, 5, 2, 1), KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRejected(produce(1, 4, 1, 1), KafkaError.INVALID_PRODUCER_EPOCH);
        assertRejected(produce(1, 6, 1, 1), KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertAccepted(produce(1, 6, 0, 1), 101, 101);
        assertRejected(produce(1, 5, 0, 1), KafkaError.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void takesAnySequenceFromAProducerThatItDoesNotKnow() {
        log.becomeLeader(4);
        assertAccepted(produce(1, 0, 12345, 1), 100, 100);
        assertAccepted(produce(1, 0, 12346, 1), 101, 101);
    }

    @Test
    void wrapsSequencesAround() {
        log.becomeLeader(4);
        assertAccepted(produce(1, 0, Integer.MAX_VALUE - 1, 4), 100, 103);
        assertThat(log.producers().get(1)).isNotNull().satisfies(p -> assertThat(p.lastSequence())
                .isEqualTo(1));
        assertThat(produce(1, 0, Integer.MAX_VALUE - 1, 4)).isEqualTo(new Decision.Duplicate(100, 103));
        assertAccepted(produce(1, 0, 2, 1), 104, 104);
        assertAccepted(produce(2, 0, Integer.MAX_VALUE, 1), 105, 105);
        assertAccepted(produce(2, 0, 0, 1), 106, 106);
    }

    @Test
    void takesCoordinatorBatchesWithoutLookingAtSequences() {
        log.becomeLeader(4);
        var one = batch(2).producer(9, 3, 50).build();
        var both = ByteBuffer.allocate(one.limit() * 2)
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertAccepted(decide(4, Origin.COORDINATOR, both), 100, 103);
        assertThat(log.producers().size()).isZero();
    }

    @Test
    void rejectsWhatIsNoBatch() {
        log.becomeLeader(4);
        assertRejected(decide(4, Origin.CLIENT, ByteBuffer.allocate(0)), KafkaError.INVALID_RECORD);
        var cut = batch(2).build();
        assertRejected(decide(4, Origin.CLIENT, cut.limit(cut.limit() - 1)), KafkaError.CORRUPT_MESSAGE);
    }

    @Test
    void forgetsProducersThatWereSilentForTooLong() {
        log.becomeLeader(4);
        produce(1, 0, 0, 1);
        assertThat(log.producers().expire(BatchBuilder.NOW_MS + 999, 1000)).isEmpty();
        assertThat(log.producers().expire(BatchBuilder.NOW_MS + 1000, 1000)).containsExactly(1L);
        assertAccepted(produce(1, 0, 77, 1), 101, 101);
    }
}
