// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.replication.FollowerFetch;
import io.eventfleet.core.replication.IsrRefusal;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.core.replication.ReplicaFetch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedReplicaTest {
    private static final int EPOCH = 3;
    private static final int BATCH_BYTES = 100;

    private final FakeLog log = new FakeLog(Images.ID).holding(20, 15);
    private final FakeGateway gateway = new FakeGateway();
    private final AtomicLong nanoTime = new AtomicLong();
    private final IsrChanges isrChanges = new IsrChanges();
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void lead() {
        log.becomeLeader(EPOCH);
    }

    private LedReplica leading(Integer... isr) {
        return new LedReplica(
                log,
                view(Images.serving(Images.line(0, EPOCH, 1, isr))),
                new Replication(
                        new FakeFollowers(),
                        gateway,
                        IsrTimers.withMaxLag(Duration.ofSeconds(10)),
                        nanoTime::get,
                        new ReplicaContacts(1, nanoTime::get)),
                isrChanges);
    }

    private static LedReplica.View view(ClusterImage image) {
        var topic = image.topicsById().get(Images.TOPIC);
        return LedReplica.View.of(
                image, Images.ME, topic, topic.partitions().getFirst(), TopicRules.of(Map.of(), Map.of()));
    }

    private static FollowerFetch fetch(LedReplica replica, int follower, long offset) {
        return fetch(replica, follower, offset, 0);
    }

    private static FollowerFetch fetch(LedReplica replica, int follower, long offset, long logStartOffset) {
        return replica.fetched(new ReplicaFetch(follower, 10 + follower, EPOCH, offset, logStartOffset));
    }

    private static void append(LedReplica replica) {
        replica.log()
                .append(
                        new AppendRequest(EPOCH, AppendRequest.Origin.CLIENT, new Bytes(BATCH_BYTES), 0, false),
                        new AppendListener() {
                            @Override
                            public void onDurable(Appended appended) {}

                            @Override
                            public void onRejected(Rejected rejected) {
                                throw new AssertionError(rejected.message());
                            }
                        });
    }

    private ProgressListener note(String what) {
        return new ProgressListener() {
            @Override
            public void onProgress(LedReplica replica, long bytes) {
                heard.add(what + " " + bytes);
            }

            @Override
            public void onEnded(LedReplica replica) {
                heard.add(what + " ended");
            }
        };
    }

    @Test
    void beginsWithWhatTheFollowerKnewAndMovesWithTheOthers() {
        var replica = leading(0, 1);
        assertThat(replica.highWatermark()).isEqualTo(15);
        assertThat(replica.hasCommittedEpochStart()).isFalse();
        assertThat(fetch(replica, 1, 20)).isEqualTo(FollowerFetch.ACCEPTED);
        assertThat(replica.highWatermark()).isEqualTo(20);
        assertThat(replica.hasCommittedEpochStart()).isTrue();
        assertThat(fetch(replica, 7, 20)).isEqualTo(FollowerFetch.NOT_A_REPLICA);
    }

    @Test
    void neverBelievesACheckpointBeyondTheLogEnd() {
        log.checkpointHighWatermark(30);
        assertThat(leading(0, 1).highWatermark()).isEqualTo(20);
    }

    @Test
    void wakesFollowersBeforeRecordsAreDurableAndConsumersWhenTheyAreCommitted() {
        var replica = leading(0, 1);
        fetch(replica, 1, 20);
        replica.addAppendWaiter(note("written"));
        replica.addWaiter(note("committed"));
        replica.addHighWatermarkListener(offset -> heard.add("to " + offset));
        log.holdSyncs();
        append(replica);
        append(replica);
        assertThat(heard).containsExactly("written 100", "written 100");
        fetch(replica, 1, 22);
        log.sync();
        assertThat(heard.subList(2, heard.size())).containsExactly("to 21", "committed 100", "to 22", "committed 100");
        fetch(replica, 1, 22);
        assertThat(heard).hasSize(6);
    }

    @Test
    void aFollowersFetchCommitsAllThatItHas() {
        var replica = leading(0, 1);
        fetch(replica, 1, 20);
        replica.addWaiter(note("committed"));
        append(replica);
        append(replica);
        fetch(replica, 1, 22);
        assertThat(heard).containsExactly("committed 200");
    }

    @Test
    void whatWasWrittenBeforeTheLeadershipCountsWhenItIsDurable() {
        log.holding(20, 15).notDurableFrom(18);
        var replica = leading(0, 1);
        fetch(replica, 1, 20);
        assertThat(replica.highWatermark()).isEqualTo(18);
        log.holding(20, 15);
        replica.tick();
        assertThat(replica.highWatermark()).isEqualTo(20);
    }

    @Test
    void proposesAndTakesWhatTheImageSays() {
        var replica = leading(0);
        fetch(replica, 1, 20);
        assertThat(gateway.proposals()).hasSize(1);
        assertThat(gateway.proposals().getFirst().isr()).isEqualTo(Map.of(0, 10L, 1, 11L));
        replica.update(view(Images.serving(Images.line(0, EPOCH, 2, 0, 1))));
        assertThat(replica.highWatermark()).isEqualTo(20);
        assertThat(replica.view().hasEnoughReplicas()).isTrue();
        assertThat(replica.view().isUnderReplicated()).isTrue();
        assertThat(isrChanges.expands()).isEqualTo(1);
        assertThat(isrChanges.shrinks()).isZero();
    }

    @Test
    void rollsBackWhatTheControllerRefuses() {
        var replica = leading(0);
        fetch(replica, 1, 20);
        gateway.refuse(IsrRefusal.INELIGIBLE_REPLICA);
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        fetch(replica, 1, 20);
        assertThat(gateway.proposals()).hasSize(2);
    }

    @Test
    void proposesNoNewMemberWhileTheControllerCannotWrite() {
        gateway.setWritable(false);
        var replica = leading(0);
        fetch(replica, 1, 20);
        assertThat(gateway.proposals()).isEmpty();
        gateway.setWritable(true);
        replica.tick();
        assertThat(gateway.proposals()).hasSize(1);
    }

    @Test
    void noticesSilenceByItself() {
        var replica = leading(0, 1, 2);
        fetch(replica, 1, 20);
        nanoTime.addAndGet(Duration.ofSeconds(10).toNanos() + 1);
        replica.tick();
        assertThat(gateway.proposals())
                .singleElement()
                .satisfies(proposal -> assertThat(proposal.isr().keySet()).isEqualTo(Set.of(0, 1)));
        replica.update(view(Images.serving(Images.line(0, EPOCH, 2, 0, 1))));
        assertThat(isrChanges.shrinks()).isEqualTo(1);
        assertThat(replica.highWatermark()).isEqualTo(20);
    }

    @Test
    void afterTheEndNothingIsToldAndNothingIsProposed() {
        var replica = leading(0, 1);
        replica.addWaiter(note("committed"));
        replica.addAppendWaiter(note("written"));
        replica.addDeletionWaiter(note("deleted"));
        replica.end();
        assertThat(heard).containsExactly("committed ended", "written ended", "deleted ended");
        fetch(replica, 1, 20);
        nanoTime.addAndGet(Duration.ofSeconds(20).toNanos());
        replica.tick();
        assertThat(replica.highWatermark()).isEqualTo(15);
        assertThat(gateway.proposals()).isEmpty();
        assertThat(heard).hasSize(3 + 1).last().isEqualTo("deleted 0");
    }

    @Test
    void theLowWatermarkIsThatOfTheSlowestLiveMember() {
        var replica = leading(0, 1);
        fetch(replica, 1, 20, 0);
        replica.log().deleteRecordsBefore(10);
        assertThat(replica.lowWatermark()).isZero();
        replica.addDeletionWaiter(note("moved"));
        fetch(replica, 1, 20, 10);
        assertThat(heard).containsExactly("moved 0");
        assertThat(replica.lowWatermark()).isEqualTo(10);
        fetch(replica, 1, 20, 4);
        assertThat(replica.lowWatermark()).isEqualTo(4);
        replica.update(view(Images.with(Map.of(1, BrokerState.FENCED), TopicState.OPEN, Images.line(0, EPOCH, 2, 0, 1))
                .servingAs(10)));
        assertThat(replica.lowWatermark()).isEqualTo(10);
    }

    /** Bytes of no meaning. */
    private record Bytes(int sizeBytes) implements RecordBuffer {
        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.allocate(sizeBytes);
        }

        @Override
        public RecordBuffer retain() {
            return this;
        }

        @Override
        public void release() {}
    }

    @Test
    void tellsProducesThatAreNotDurableYetWhenItEnds() {
        var replica = leading(0, 1);
        var under = note("produce");
        var answered = note("answered");
        replica.addProduce(under);
        replica.addProduce(answered);
        replica.removeProduce(answered);
        replica.end();
        assertThat(heard).containsExactly("produce ended");
    }
}
