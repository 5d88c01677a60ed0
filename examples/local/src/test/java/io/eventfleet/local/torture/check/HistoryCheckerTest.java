// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule, broken by a history made by hand; and a history that breaks none. */
class HistoryCheckerTest {
    private static final Key KEY = new Key("t", 0);

    private final List<Event> events = new ArrayList<>();
    private long now;
    private long order;

    @BeforeEach
    void threeRecordsThatEverybodySaw() {
        acknowledged(1, 10, 0);
        acknowledged(1, 11, 1);
        acknowledged(1, 12, 2);
    }

    @Test
    void findsNothingWhereNothingIs() {
        polled(1, Mode.ASSIGN, 0, 1);
        polled(1, Mode.ASSIGN, 2);
        watermark(1, 0);
        watermark(1, 3);
        replica(0, 0, 1, 2);
        replica(1, 0, 1, 2);

        Verdict verdict = HistoryChecker.check(events);

        assertThat(verdict.anomalies()).isEmpty();
        assertThat(verdict.isCorrect()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(3);
        assertThat(verdict.read()).isEqualTo(3);
    }

    @Test
    void anUncertainRecordMayBeThereOnceOrNever() {
        sent(1, 13, Outcome.INFO, -1);
        sent(1, 14, Outcome.INFO, -1);
        polled(1, Mode.ASSIGN, new Entry(0, 10, 0), new Entry(1, 11, 0), new Entry(2, 12, 0), new Entry(3, 13, 0));

        assertThat(found()).isEmpty();
    }

    @Test
    void oneOffsetWithTwoValues() {
        sent(1, 13, Outcome.INFO, -1);
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(2, Mode.ASSIGN, new Entry(0, 10, 0), new Entry(1, 13, 0), new Entry(2, 12, 0));

        assertThat(found()).containsExactly(Check.INCONSISTENT_OFFSETS);
    }

    @Test
    void oneValueAtTwoOffsets() {
        polled(1, Mode.ASSIGN, new Entry(0, 10, 0), new Entry(1, 11, 0), new Entry(2, 12, 0), new Entry(3, 11, 0));

        assertThat(found()).containsExactly(Check.DUPLICATE);
    }

    @Test
    void anAcknowledgedRecordThatReadersPassed() {
        polled(1, Mode.SUBSCRIBE, 0);
        polled(2, Mode.SUBSCRIBE, 2);

        assertThat(found()).containsExactly(Check.LOST_WRITE);
    }

    @Test
    void anAcknowledgedRecordAtTheEndThatNobodyRead() {
        polled(1, Mode.ASSIGN, 0, 1);

        assertThat(found()).containsExactly(Check.UNSEEN);
    }

    @Test
    void aRefusedRecordThatWasRead() {
        sent(1, 13, Outcome.FAIL, -1);
        polled(1, Mode.ASSIGN, new Entry(0, 10, 0), new Entry(1, 11, 0), new Entry(2, 12, 0), new Entry(3, 13, 0));

        assertThat(found()).containsExactly(Check.ABORTED_READ);
    }

    @Test
    void aRecordThatNobodySent() {
        polled(1, Mode.ASSIGN, new Entry(0, 10, 0), new Entry(1, 11, 0), new Entry(2, 12, 0), new Entry(3, 99, 0));

        assertThat(found()).containsExactly(Check.PHANTOM);
    }

    @Test
    void onePollThatLeavesARecordOut() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(2, Mode.SUBSCRIBE, 0, 2);

        assertThat(found()).containsExactly(Check.INTERNAL_POLL_SKIP);
    }

    @Test
    void onePollThatGoesBack() {
        polled(1, Mode.SUBSCRIBE, 0, 2, 1);

        assertThat(found()).contains(Check.INTERNAL_NONMONOTONIC_POLL);
    }

    @Test
    void aReaderOfItsOwnPartitionsThatLeavesARecordOut() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(2, Mode.ASSIGN, 0);
        polled(2, Mode.ASSIGN, 2);

        assertThat(found()).containsExactly(Check.POLL_SKIP);
    }

    @Test
    void aReaderOfItsOwnPartitionsThatGoesBack() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(1, Mode.ASSIGN, 1, 2);

        assertThat(found()).containsExactly(Check.NONMONOTONIC_POLL);
    }

    @Test
    void aMemberOfAGroupMayMove() {
        polled(1, Mode.SUBSCRIBE, 0, 1, 2);
        polled(1, Mode.SUBSCRIBE, 0, 1, 2);

        Verdict verdict = HistoryChecker.check(events);

        assertThat(verdict.anomalies()).extracting(Anomaly::check).containsExactly(Check.REBALANCE_MOVE);
        assertThat(verdict.isCorrect()).isTrue();
    }

    @Test
    void aNewSessionBeginsWhereItLikes() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(2, Mode.ASSIGN, 0, 1, 2);

        assertThat(found()).isEmpty();
    }

    @Test
    void oneProducerWhoseLaterRecordIsEarlier() {
        acknowledged(1, 13, 7);
        acknowledged(1, 14, 6);
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(1, Mode.ASSIGN, new Entry(6, 14, 0), new Entry(7, 13, 0));

        assertThat(found()).containsExactly(Check.NONMONOTONIC_SEND);
    }

    @Test
    void aRecordBeforeOneThatHadBeenAcknowledgedToSomebodyElse() {
        acknowledged(1, 13, 7);
        acknowledged(2, 14, 6);
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(1, Mode.ASSIGN, new Entry(6, 14, 0), new Entry(7, 13, 0));

        assertThat(found()).containsExactly(Check.NONMONOTONIC_SEND);
    }

    @Test
    void sendsThatOverlapMayTakeAnyOrder() {
        events.add(new Event.Send(100, 200, 3, 1, KEY, 13, Outcome.OK, 4, ""));
        events.add(new Event.Send(150, 250, 4, 1, KEY, 14, Outcome.OK, 3, ""));
        polled(1, Mode.ASSIGN, 0, 1, 2);
        polled(1, Mode.ASSIGN, new Entry(3, 14, 0), new Entry(4, 13, 0));

        assertThat(found()).isEmpty();
    }

    @Test
    void anEndThatGoesBackForOneClient() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        watermark(1, 3);
        watermark(2, 2);
        watermark(1, 2);

        assertThat(found()).containsExactly(Check.HIGH_WATERMARK_REGRESS);
    }

    @Test
    void anEpochThatGoesBackAlongTheLog() {
        polled(1, Mode.ASSIGN, new Entry(0, 10, 1), new Entry(1, 11, 3), new Entry(2, 12, 2));

        assertThat(found()).containsExactly(Check.EPOCH_REGRESS);
    }

    @Test
    void oneRecordWithTwoEpochs() {
        polled(1, Mode.ASSIGN, new Entry(0, 10, 1), new Entry(1, 11, 1), new Entry(2, 12, 1));
        polled(2, Mode.ASSIGN, new Entry(0, 10, 1), new Entry(1, 11, 1), new Entry(2, 12, 2));

        assertThat(found()).containsExactly(Check.EPOCH_REGRESS);
    }

    @Test
    void replicasThatEndDifferent() {
        sent(1, 13, Outcome.INFO, -1);
        polled(1, Mode.ASSIGN, 0, 1, 2);
        replica(0, 0, 1, 2);
        events.add(new Event.Replica(
                KEY, 1, List.of(new Entry(0, 10, 0), new Entry(1, 11, 0), new Entry(2, 12, 0), new Entry(3, 13, 0))));

        assertThat(found()).containsExactly(Check.REPLICAS_DIFFER);
    }

    @Test
    void aReplicaWithoutWhatWasAcknowledged() {
        polled(1, Mode.ASSIGN, 0, 1, 2);
        replica(0, 0, 1);
        replica(1, 0, 1);

        assertThat(found()).containsExactly(Check.REPLICA_LACKS_ACKNOWLEDGED, Check.REPLICA_LACKS_ACKNOWLEDGED);
    }

    @Test
    void countsEveryRule() {
        assertThat(HistoryChecker.check(events).counts())
                .containsOnlyKeys(Check.values())
                .containsEntry(Check.UNSEEN, 3L)
                .containsEntry(Check.DUPLICATE, 0L);
    }

    private List<Check> found() {
        return HistoryChecker.check(events).anomalies().stream()
                .map(Anomaly::check)
                .toList();
    }

    private void acknowledged(int producer, long value, long offset) {
        sent(producer, value, Outcome.OK, offset);
    }

    private void sent(int producer, long value, Outcome outcome, long offset) {
        events.add(new Event.Send(now, now + 1, producer, order++, KEY, value, outcome, offset, ""));
        now += 2;
    }

    /** One of the three records of every test, by its offset. */
    private static Entry entry(long offset) {
        return new Entry(offset, 10 + offset, 0);
    }

    private void polled(int session, Mode mode, long... offsets) {
        polled(
                session,
                mode,
                LongStream.of(offsets).mapToObj(HistoryCheckerTest::entry).toArray(Entry[]::new));
    }

    private void polled(int session, Mode mode, Entry... entries) {
        events.add(new Event.Poll(now++, session, mode, KEY, Arrays.asList(entries)));
    }

    private void watermark(int client, long offset) {
        events.add(new Event.Watermark(now++, client, KEY, offset));
    }

    private void replica(int broker, long... offsets) {
        events.add(new Event.Replica(
                KEY,
                broker,
                LongStream.of(offsets).mapToObj(HistoryCheckerTest::entry).toList()));
    }
}
