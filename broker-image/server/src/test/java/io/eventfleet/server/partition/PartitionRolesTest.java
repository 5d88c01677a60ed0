// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import static io.eventfleet.server.partition.Images.ID;
import static io.eventfleet.server.partition.Images.TOPIC;
import static io.eventfleet.server.partition.Images.line;
import static io.eventfleet.server.partition.Images.lineOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.core.replication.ReplicaFetch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a broker becomes for a partition, and in which order. */
class PartitionRolesTest {
    private final FakeStore store = new FakeStore();
    private final FakeFollowers followers = new FakeFollowers();
    private final FakeGateway gateway = new FakeGateway();
    private String retentionMs = "1000";
    private final PartitionRegistry registry = new PartitionRegistry(
            Images.ME,
            store.store(),
            topic -> TopicRules.of(Map.of("retention.ms", retentionMs), Map.of()),
            new Replication(
                    followers,
                    gateway,
                    IsrTimers.withMaxLag(Duration.ofSeconds(10)),
                    () -> 0,
                    new ReplicaContacts(1, () -> 0)));
    private ClusterImage image = ClusterImage.empty("c");

    private void see(ClusterImage next) {
        var previous = image;
        image = next;
        registry.onImage(previous, next);
    }

    private void see(PartitionInfo line) {
        see(Images.serving(line));
    }

    private List<String> roles() {
        return store.log(ID).roles();
    }

    @Test
    void followsTheLeaderAndThenLeads() {
        see(line(1, 4, 1, 0, 1, 2));
        assertThat(followers.followed()).containsOnlyKeys(ID);
        var followed = followers.followed().get(ID);
        assertThat(followed.leaderId()).isEqualTo(1);
        assertThat(followed.leaderEpoch()).isEqualTo(4);
        assertThat(registry.followed()).hasSize(1);
        see(line(0, 5, 2, 0, 2));
        assertThat(followers.followed()).isEmpty();
        assertThat(registry.followed()).isEmpty();
        assertThat(registry.led()).singleElement().satisfies(led -> assertThat(led.leaderEpoch())
                .isEqualTo(5));
        assertThat(roles()).containsExactly("follows in 4", "leads in 5");
    }

    @Test
    void leadsOnlyWhenFollowingHasStoppedAndFromWhatItKnew() {
        see(line(1, 4, 1, 0, 1, 2));
        store.log(ID).holding(20, 0);
        followers.holdStops();
        see(line(0, 5, 2, 0, 2));
        assertThat(registry.led()).isEmpty();
        assertThat(roles()).containsExactly("follows in 4");
        store.log(ID).checkpointHighWatermark(17);
        followers.releaseStops();
        assertThat(registry.led()).singleElement().satisfies(led -> assertThat(led.highWatermark())
                .isEqualTo(17));
    }

    @Test
    void aDutyThatWasOvertakenIsNotBegun() {
        see(line(1, 4, 1, 0, 1, 2));
        followers.holdStops();
        see(line(0, 5, 2, 0, 2));
        see(line(2, 6, 3, 0, 2));
        see(line(1, 7, 4, 0, 1));
        followers.releaseStops();
        assertThat(roles()).containsExactly("follows in 4", "follows in 7");
        assertThat(followers.followed().get(ID).leaderEpoch()).isEqualTo(7);
        assertThat(registry.led()).isEmpty();
    }

    @Test
    void aLeadershipThatIsLostWhileItIsTakenUpIsNeverOpen() {
        var listener = new Leaderships();
        registry.addLeadershipListener(listener);
        store.log(ID).holdRoles();
        see(line(0, 5, 1, 0, 1, 2));
        see(line(1, 6, 2, 0, 1, 2));
        store.log(ID).releaseRoles();
        assertThat(registry.led()).isEmpty();
        assertThat(listener.heard).isEmpty();
        assertThat(followers.followed()).containsOnlyKeys(ID);
    }

    @Test
    void remembersTheHighWatermarkWhenItStopsLeading() {
        var listener = new Leaderships();
        registry.addLeadershipListener(listener);
        store.log(ID).holding(20, 10);
        see(line(0, 5, 1, 0, 1));
        var led = registry.led().iterator().next();
        led.fetched(new ReplicaFetch(1, 11, 5, 19, 0));
        see(line(1, 6, 2, 0, 1));
        assertThat(store.log(ID).checkpointedHighWatermark()).isEqualTo(19);
        assertThat(led.hasEnded()).isTrue();
        assertThat(listener.heard).containsExactly("led 5", "ended 5");
    }

    @Test
    void newerMetadataOfTheSameLeaderChangesNothingForAFollower() {
        see(line(1, 4, 1, 0, 1, 2));
        see(line(1, 4, 2, 1, 2));
        assertThat(roles()).containsExactly("follows in 4");
        assertThat(followers.followed()).containsOnlyKeys(ID);
    }

    @Test
    void aFollowedLogIsToldHowLongItKeepsItsRecords() {
        see(line(1, 4, 1, 0, 1, 2));
        assertThat(store.log(ID).declared()).hasSize(1);
        see(line(1, 4, 2, 1, 2));
        assertThat(store.log(ID).declared()).hasSize(1);
        retentionMs = "5000";
        see(line(1, 4, 3, 1, 2));
        assertThat(store.log(ID).declared().getLast().retentionMs()).isEqualTo(5_000);
        assertThat(registry.followed()).singleElement().satisfies(followed -> assertThat(
                        followed.rules().retention().retentionMs())
                .isEqualTo(5_000));
    }

    @Test
    void theRegistryAloneTellsALeaderOfFencedFollowers() {
        see(line(0, 5, 1, 0));
        var led = registry.led().iterator().next();
        see(Images.with(Map.of(1, BrokerState.FENCED), image));
        led.fetched(new ReplicaFetch(1, 11, 5, 0, 0));
        assertThat(gateway.proposals()).isEmpty();
        see(Images.with(Map.of(), image));
        assertThat(gateway.proposals()).hasSize(1);
    }

    @Test
    void aBrokerThatDoesNotServeLeadsAndFollowsNothing() {
        see(line(0, 5, 1, 0, 1, 2));
        see(Images.of(TopicState.OPEN, line(0, 5, 1, 0, 1, 2)));
        assertThat(registry.led()).isEmpty();
        see(line(1, 6, 2, 0, 1, 2));
        assertThat(followers.followed()).isNotEmpty();
        see(Images.of(TopicState.OPEN, line(1, 6, 2, 0, 1, 2)));
        assertThat(followers.followed()).isEmpty();
        assertThat(roles()).containsExactly("leads in 5", "rests", "follows in 6", "rests");
    }

    @Test
    void nobodyIsFollowedWhereNobodyLeadsOrWhereThisBrokerHoldsNothing() {
        see(PartitionInfo.of(0, PartitionInfo.NO_LEADER, 4, 1, 1, List.of(0, 1), List.of()));
        see(lineOf(List.of(1, 2), 1, 5, 2));
        assertThat(followers.followed()).isEmpty();
        assertThat(store.stored()).isEmpty();
    }

    @Test
    void aReplicaThatLeftTheLineKeepsItsDataUntilItIsDropped() {
        see(line(1, 4, 1, 0, 1, 2));
        see(lineOf(List.of(1, 2), 1, 5, 2));
        assertThat(followers.followed()).isEmpty();
        assertThat(store.stored()).containsExactly(ID);
        assertThat(registry.drop(ID)).isCompleted();
        assertThat(store.stored()).isEmpty();
    }

    @Test
    void aDropThatIsAheadOfTheImageWaitsForIt() {
        see(line(1, 4, 1, 0, 1, 2));
        followers.holdStops();
        var drop = registry.drop(ID);
        assertThat(drop).isNotCompleted();
        assertThat(followers.followed()).containsOnlyKeys(ID);
        see(lineOf(List.of(1, 2), 1, 5, 2));
        assertThat(drop).isNotCompleted();
        assertThat(store.stored()).containsExactly(ID);
        followers.releaseStops();
        assertThat(drop).isCompleted();
        assertThat(store.stored()).isEmpty();
    }

    @Test
    void aReplicaThatIsAssignedAgainBeginsEmptyAfterItsDrop() {
        see(line(1, 4, 1, 0, 1, 2));
        followers.holdStops();
        see(lineOf(List.of(1, 2), 1, 5, 2));
        var drop = registry.drop(ID);
        see(line(1, 6, 3, 1, 2));
        followers.releaseStops();
        assertThat(drop).isCompleted();
        assertThat(roles()).containsExactly("follows in 6");
        assertThat(followers.followed().get(ID).leaderEpoch()).isEqualTo(6);
    }

    @Test
    void aPurgeStopsEverythingFirst() {
        see(line(1, 4, 1, 0, 1, 2));
        followers.holdStops();
        var purge = registry.purge(TOPIC);
        assertThat(purge).isNotCompleted();
        assertThat(store.stored()).containsExactly(ID);
        followers.releaseStops();
        assertThat(purge).isCompleted();
        assertThat(store.stored()).isEmpty();
        assertThat(followers.followed()).isEmpty();
    }

    @Test
    void closingStopsLeadingAndFollowingForGood() {
        see(line(1, 4, 1, 0, 1, 2));
        followers.holdStops();
        var closed = registry.close();
        assertThat(closed).isNotCompleted();
        followers.releaseStops();
        assertThat(closed).isCompleted();
        see(line(0, 5, 2, 0, 1, 2));
        assertThat(registry.led()).isEmpty();
        assertThat(registry.drop(ID)).isCompletedExceptionally();
    }

    private static final class Leaderships implements LeadershipListener {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void onLed(String topicName, LedPartition partition) {
            heard.add("led " + partition.leaderEpoch());
        }

        @Override
        public void onEnded(String topicName, LedPartition partition) {
            heard.add("ended " + partition.leaderEpoch());
        }
    }
}
