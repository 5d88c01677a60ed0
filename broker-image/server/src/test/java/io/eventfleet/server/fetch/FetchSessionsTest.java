// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.server.fetch.FetchTarget.Key;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
    private static final short VERSION = 12;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger ids = new AtomicInteger(100);
    private final FetchSessions sessions = new FetchSessions(2, now::get, ids::incrementAndGet);

    @Test
    void remembersWhatTheConsumerFetches() {
        var session = session(result("a", 0, 10, 0), result("b", 0, 20, 0));

        var plan = plan(request(session.id(), 1));

        assertThat(plan)
                .isInstanceOfSatisfying(FetchPlan.Incremental.class, incremental -> assertThat(incremental.targets())
                        .extracting(target -> target.key().topic())
                        .containsExactly("a", "b"));
    }

    @Test
    void addsChangesAndForgetsPartitions() {
        var session = session(result("a", 0, 10, 0), result("b", 0, 20, 0));
        var request = request(session.id(), 1)
                .setTopics(List.of(topic("b", 7), topic("c", 0)))
                .setForgottenTopicsData(
                        List.of(new ForgottenTopic().setTopic("a").setPartitions(List.of(0))));

        assertThat(((FetchPlan.Incremental) plan(request)).targets())
                .extracting(target -> target.key().topic() + "@" + target.offset())
                .containsExactly("b@7", "c@0");
    }

    @Test
    void tellsOnlyWhatChanged() {
        var session = session(result("a", 0, 10, 0), result("b", 0, 20, 0));

        assertThat(session.changed(List.of(result("a", 0, 10, 0), result("b", 0, 21, 0))))
                .extracting(result -> result.target().key().topic())
                .containsExactly("b");
        assertThat(session.changed(List.of(result("a", 0, 10, 0), result("b", 0, 21, 0))))
                .isEmpty();
    }

    @Test
    void tellsAnErrorEveryTime() {
        var session = session(result("a", 0, 10, 0));
        var failed = result("a", 0, 10, 0);
        failed.data().setErrorCode((short) 6);

        assertThat(session.changed(List.of(failed))).hasSize(1);
        assertThat(session.changed(List.of(failed))).hasSize(1);
        assertThat(session.changed(List.of(result("a", 0, 10, 0)))).hasSize(1);
    }

    @Test
    void readsWhoeverGotRecordsLastNextTime() {
        var session = session(result("a", 0, 10, 0), result("b", 0, 20, 0));
        session.changed(List.of(result("a", 0, 10, 100), result("b", 0, 20, 0)));

        assertThat(session.targets()).extracting(target -> target.key().topic()).containsExactly("b", "a");
    }

    @Test
    void refusesAnUnknownSessionAndAWrongEpoch() {
        var session = session(result("a", 0, 10, 0));

        assertThat(plan(request(99, 1))).isEqualTo(new FetchPlan.Refused(KafkaError.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(plan(request(session.id(), 2)))
                .isEqualTo(new FetchPlan.Refused(KafkaError.INVALID_FETCH_SESSION_EPOCH));
        assertThat(FetchPlan.of(request(session.id(), 1), (short) 13, sessions))
                .isEqualTo(new FetchPlan.Refused(KafkaError.FETCH_SESSION_TOPIC_ID_ERROR));
    }

    @Test
    void endsASessionWhenTheConsumerSaysSo() {
        var session = session(result("a", 0, 10, 0));

        assertThat(plan(request(session.id(), -1))).isInstanceOf(FetchPlan.Full.class);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void keepsNoMoreSessionsThanItHasSlots() {
        session(result("a", 0, 10, 0));
        session(result("a", 0, 10, 0));
        assertThat(sessions.create(false, List.of(result("a", 0, 10, 0)))).isEmpty();

        now.addAndGet(3 * MINUTE_NANOS);
        assertThat(sessions.create(false, List.of(result("a", 0, 10, 0)))).isPresent();
        assertThat(sessions.size()).isEqualTo(2);
    }

    private FetchSession session(FetchResult... told) {
        return sessions.create(false, List.of(told)).orElseThrow();
    }

    private FetchPlan plan(FetchRequestData request) {
        return FetchPlan.of(request, VERSION, sessions);
    }

    private static FetchRequestData request(int id, int epoch) {
        return new FetchRequestData().setSessionId(id).setSessionEpoch(epoch);
    }

    private static FetchTopic topic(String name, long offset) {
        return new FetchTopic()
                .setTopic(name)
                .setPartitions(List.of(new FetchPartition().setPartition(0).setFetchOffset(offset)));
    }

    private static FetchResult result(String topic, long offset, long highWatermark, int bytes) {
        var target = new FetchTarget(new Key(Uuid.ZERO_UUID, topic, 0), offset, 1_000, -1, -1);
        return new FetchResult(
                target, new PartitionData().setHighWatermark(highWatermark).setLogStartOffset(0), List.of(), bytes);
    }
}
