// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.DroppedReplica;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a broker does again until it is done. */
class ErrandsTest {

    private static final UUID TOPIC = new UUID(5, 5);

    private final List<ClusterEffect> effects = new ArrayList<>();

    private int beatsUntilPurge(Errands errands) {
        effects.clear();
        for (int beat = 1; beat <= 100; beat++) {
            errands.repeat(1, effects::add);
            if (effects.contains(new NodeEffect.PurgeTopic(TOPIC))) {
                return beat;
            }
        }
        return -1;
    }

    @Test
    void triesAFailedPurgeAgainAfterEverLongerPauses() {
        var me = new NodeIdentity(
                "c",
                0,
                "pod",
                new UUID(0, 7),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null);
        var errands = new Errands(new ControllerLink(me, 0));
        errands.onInstalled(ClusterImage.empty("c"), List.of(TOPIC), List.of(), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.PurgeTopic(TOPIC));
        assertThat(beatsUntilPurge(errands)).isEqualTo(-1);

        errands.onPurgeFailed(TOPIC);
        assertThat(beatsUntilPurge(errands)).isEqualTo(2);
        errands.onPurgeFailed(TOPIC);
        assertThat(beatsUntilPurge(errands)).isEqualTo(4);

        errands.onPurged(TOPIC, 1, effects::add);
        assertThat(beatsUntilPurge(errands)).isEqualTo(-1);
    }

    @Test
    void dropsAReplicaOnceAndConfirmsUntilTheLineForgetsIt() {
        var errands = new Errands(linked());
        var replica = new DroppedReplica(new TopicPartitionId(TOPIC, 1), 9);
        errands.onInstalled(ClusterImage.empty("c"), List.of(), List.of(replica), effects::add);
        errands.onInstalled(ClusterImage.empty("c"), List.of(), List.of(replica), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.DropReplica(replica));
        effects.clear();

        errands.onDropped(replica, 3, effects::add);
        errands.repeat(3, effects::add);
        assertThat(confirmations()).isEqualTo(2);

        errands.onInstalled(ClusterImage.empty("c"), List.of(), List.of(), effects::add);
        effects.clear();
        errands.repeat(3, effects::add);
        assertThat(confirmations()).isZero();

        var again = new DroppedReplica(replica.id(), 14);
        errands.onInstalled(ClusterImage.empty("c"), List.of(), List.of(again), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.DropReplica(again));
    }

    @Test
    void repeatsAnAdministratorsRequestUntilItIsAnsweredOrGivenUp() {
        var errands = new Errands(linked());
        var request = new Message.ElectRequest(4, Election.PREFERRED, List.of(new TopicPartitionId(TOPIC, 1)));
        errands.wantReplicaChange(4, request, 3, effects::add);
        errands.wantReplicaChange(5, request, 3, effects::add);
        errands.onReplicaChange(new Message.ReplicaChangeReply(4, List.of()), effects::add);
        assertThat(effects).last().isEqualTo(new NodeEffect.ReplicaChangeDone(4, List.of()));
        effects.clear();

        errands.repeat(3, effects::add);
        assertThat(effects).hasSize(1);
        errands.forgetReplicaChange(5);
        effects.clear();
        errands.repeat(3, effects::add);
        assertThat(effects).isEmpty();
    }

    private long confirmations() {
        return effects.stream()
                .filter(effect -> effect instanceof NodeEffect.Send send
                        && send.envelope().message() instanceof Message.ReplicaDropped)
                .count();
    }

    private static ControllerLink linked() {
        var me = new NodeIdentity(
                "c",
                0,
                "pod",
                new UUID(0, 7),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null);
        var link = new ControllerLink(me, 0);
        link.seen(new Signal.ControllerSeen(new LeaseHolder(1, "pod", new UUID(0, 8)), new Endpoint("c", 1)));
        return link;
    }
}
