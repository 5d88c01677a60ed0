// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.Message.NumberedProposal;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which proposals a broker repeats, and when it stops. */
class OpenProposalsTest {

    private static final UUID TOPIC = new UUID(5, 5);
    private static final long GATHERED = 5_000_000L;

    private final List<ClusterEffect> effects = new ArrayList<>();
    private OpenProposals proposals;

    @BeforeEach
    void aControllerIsKnown() {
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
        proposals = new OpenProposals(link);
    }

    private void propose(long number, int partition, int partitionEpoch) {
        var proposal = new IsrProposal(
                new TopicPartitionId(TOPIC, partition), 5, partitionEpoch, new TreeMap<>(Map.of(0, 3L)));
        proposals.propose(0, new NodeEvent.IsrProposed(number, proposal), effects::add);
    }

    private List<Long> sent() {
        var numbers = effects.stream()
                .filter(NodeEffect.Send.class::isInstance)
                .map(send -> (Message.AlterPartitions)
                        ((NodeEffect.Send) send).envelope().message())
                .flatMap(message -> message.proposals().stream())
                .map(NumberedProposal::number)
                .toList();
        effects.clear();
        return numbers;
    }

    private static ClusterImage image(int leader, int leaderEpoch, int partitionEpoch) {
        var partition = PartitionInfo.of(0, leader, leaderEpoch, partitionEpoch, 1, List.of(0, 1), List.of(0));
        var topic = new TopicInfo(TOPIC, "t", TopicInfo.TopicState.OPEN, Map.of(), 1, false, List.of(partition));
        return ClusterImage.of("c", 1, Map.of(), List.of(topic)).servingAs(3);
    }

    @Test
    void gathersNewOnesAndRepeatsAllWithEveryHeartbeat() {
        propose(1, 0, 8);
        propose(2, 1, 8);
        proposals.proceed(GATHERED - 1, 3, effects::add);
        assertThat(sent()).isEmpty();

        proposals.proceed(proposals.deadline(), 3, effects::add);
        assertThat(sent()).containsExactly(1L, 2L);
        proposals.proceed(2 * GATHERED, 3, effects::add);
        assertThat(sent()).isEmpty();
        proposals.repeat(3, effects::add);
        assertThat(sent()).containsExactly(1L, 2L);
    }

    @Test
    void aNewerProposalReplacesTheOlderOne() {
        propose(1, 0, 8);
        propose(2, 0, 8);

        assertThat(effects).containsExactly(new NodeEffect.ProposalEnded(1, null));
        effects.clear();
        proposals.onReply(
                new Message.AlterPartitionsReply(new TreeMap<>(Map.of(1L, IsrRefusal.INELIGIBLE_REPLICA))),
                effects::add);
        assertThat(effects).isEmpty();
        proposals.repeat(3, effects::add);
        assertThat(sent()).containsExactly(2L);
    }

    @Test
    void aRefusalEndsAProposal() {
        propose(1, 0, 8);

        proposals.onReply(
                new Message.AlterPartitionsReply(new TreeMap<>(Map.of(1L, IsrRefusal.OUTDATED))), effects::add);

        assertThat(effects).containsExactly(new NodeEffect.ProposalEnded(1, IsrRefusal.OUTDATED));
        effects.clear();
        proposals.repeat(3, effects::add);
        assertThat(sent()).isEmpty();
    }

    @Test
    void theMetadataEndsWhatItHasDecided() {
        propose(1, 0, 8);
        proposals.onInstalled(image(0, 5, 8), 0, effects::add);
        assertThat(effects).isEmpty();

        proposals.onInstalled(image(0, 5, 9), 0, effects::add);
        assertThat(effects).containsExactly(new NodeEffect.ProposalEnded(1, null));
        effects.clear();

        propose(2, 0, 9);
        proposals.onInstalled(image(1, 6, 9), 0, effects::add);
        assertThat(effects).containsExactly(new NodeEffect.ProposalEnded(2, null));
        effects.clear();

        propose(3, 7, 9);
        proposals.onInstalled(image(0, 5, 9), 0, effects::add);
        assertThat(effects).containsExactly(new NodeEffect.ProposalEnded(3, null));
    }

    @Test
    void manyTravelInSeveralMessages() {
        for (int p = 0; p < 501; p++) {
            propose(p, p, 8);
        }
        proposals.proceed(GATHERED, 3, effects::add);

        assertThat(effects).hasSize(2);
    }
}
