// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.Message.NumberedProposal;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this broker's leaders have proposed for their in-sync replicas and nobody has decided yet. New ones go out
 * together after a short while, all of them again with every heartbeat, until the controller refuses them or the
 * metadata moves past them.
 */
final class OpenProposals {

    private static final int MAX_PROPOSALS_PER_MESSAGE = 500;
    /** Leaders notice together that a follower is gone: their proposals shall travel, and be written, together. */
    private static final long GATHER_NANOS = 5_000_000L;

    private final ControllerLink link;
    private final Map<TopicPartitionId, NumberedProposal> open = new HashMap<>();
    /** By number, which is the order in which they came. */
    private final SortedMap<Long, NumberedProposal> unsent = new TreeMap<>();

    private long sendAt = Core.NO_DEADLINE;

    OpenProposals(ControllerLink link) {
        this.link = link;
    }

    /** A newer proposal for the same partition replaces the older one. */
    void propose(long now, NodeEvent.IsrProposed proposed, Effects<ClusterEffect> out) {
        var numbered = new NumberedProposal(proposed.number(), proposed.proposal());
        var replaced = open.put(proposed.proposal().id(), numbered);
        if (replaced != null) {
            end(replaced, out);
        }
        unsent.put(numbered.number(), numbered);
        sendAt = Math.min(sendAt, now + GATHER_NANOS);
    }

    long deadline() {
        return sendAt;
    }

    /** Sends what has gathered. Called after every event. */
    void proceed(long now, long epoch, Effects<ClusterEffect> out) {
        if (now >= sendAt) {
            send(List.copyOf(unsent.values()), epoch, out);
        }
    }

    /** Sends everything that is open. */
    void repeat(long epoch, Effects<ClusterEffect> out) {
        var byNumber = new TreeMap<Long, NumberedProposal>();
        open.values().forEach(numbered -> byNumber.put(numbered.number(), numbered));
        send(List.copyOf(byNumber.values()), epoch, out);
    }

    private void send(List<NumberedProposal> proposals, long epoch, Effects<ClusterEffect> out) {
        unsent.clear();
        sendAt = Core.NO_DEADLINE;
        for (int from = 0; from < proposals.size(); from += MAX_PROPOSALS_PER_MESSAGE) {
            int to = Math.min(proposals.size(), from + MAX_PROPOSALS_PER_MESSAGE);
            link.send(epoch, new Message.AlterPartitions(epoch, proposals.subList(from, to)), out);
        }
    }

    void onReply(Message.AlterPartitionsReply reply, Effects<ClusterEffect> out) {
        var refused = new ArrayList<NumberedProposal>();
        for (var numbered : open.values()) {
            if (reply.refused().containsKey(numbered.number())) {
                refused.add(numbered);
            }
        }
        for (var numbered : refused) {
            open.remove(numbered.proposal().id());
            unsent.remove(numbered.number());
            out.emit(new NodeEffect.ProposalEnded(
                    numbered.number(), reply.refused().get(numbered.number())));
        }
    }

    /** Ends what the metadata has decided: the line is another by now, or this broker does not lead. */
    void onInstalled(ClusterImage image, int brokerId, Effects<ClusterEffect> out) {
        open.values().removeIf(numbered -> {
            boolean decided = decided(image, brokerId, numbered.proposal());
            if (decided) {
                end(numbered, out);
            }
            return decided;
        });
    }

    private void end(NumberedProposal numbered, Effects<ClusterEffect> out) {
        unsent.remove(numbered.number());
        out.emit(new NodeEffect.ProposalEnded(numbered.number(), null));
    }

    private static boolean decided(ClusterImage image, int brokerId, IsrProposal proposal) {
        return image.openTopic(proposal.id().topicId())
                .flatMap(topic -> image.partition(topic.id(), proposal.id().partition()))
                .filter(partition ->
                        partition.leader() == brokerId && partition.partitionEpoch() <= proposal.partitionEpoch())
                .isEmpty();
    }
}
