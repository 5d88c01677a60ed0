// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.step.Effects;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What a broker asks of the controller for others, repeated until it is done: producer ids, internal topics, purges. */
final class Errands {

    private static final int FIRST_PURGE_PAUSE_BEATS = 2;
    private static final int MAX_PURGE_PAUSE_BEATS = 64;

    private final ControllerLink link;
    private final Set<Long> producerIds = new TreeSet<>();
    private final Set<String> internalTopics = new TreeSet<>();
    private final Set<UUID> purgeBegun = new TreeSet<>();
    private final Map<UUID, FailedPurge> failedPurges = new TreeMap<>();
    private final Set<UUID> purged = new TreeSet<>();

    /** A purge to be tried again: after how many heartbeats, and how many are left. */
    private record FailedPurge(int pause, int left) {}

    Errands(ControllerLink link) {
        this.link = link;
    }

    void wantProducerIds(long requestId, long epoch, Effects<ClusterEffect> out) {
        producerIds.add(requestId);
        link.send(epoch, new Message.ProducerIdsRequest(requestId), out);
    }

    void onProducerIds(Message.ProducerIdsReply reply, Effects<ClusterEffect> out) {
        if (producerIds.remove(reply.requestId())) {
            out.emit(new NodeEffect.ProducerIdsGranted(reply.requestId(), reply.first(), reply.count()));
        }
    }

    void wantInternalTopic(String topicName, long epoch, Effects<ClusterEffect> out) {
        internalTopics.add(topicName);
        link.send(epoch, new Message.InternalTopicRequest(topicName), out);
    }

    /** Begins to delete what the durable metadata says is purging; everything else is left alone (rule 39). */
    void onInstalled(ClusterImage image, List<UUID> purging, Effects<ClusterEffect> out) {
        internalTopics.removeIf(name -> image.topic(name).isPresent());
        for (var topicId : purging) {
            if (purgeBegun.add(topicId)) {
                out.emit(new NodeEffect.PurgeTopic(topicId));
            }
        }
        purgeBegun.retainAll(purging);
        failedPurges.keySet().retainAll(purging);
        purged.retainAll(purging);
    }

    /** The data is still there: another attempt follows, each after a longer pause. */
    void onPurgeFailed(UUID topicId) {
        if (purgeBegun.contains(topicId)) {
            failedPurges.merge(
                    topicId, new FailedPurge(FIRST_PURGE_PAUSE_BEATS, FIRST_PURGE_PAUSE_BEATS), (before, first) -> {
                        int pause = Math.min(MAX_PURGE_PAUSE_BEATS, before.pause() * 2);
                        return new FailedPurge(pause, pause);
                    });
        }
    }

    private void purgeAgain(Effects<ClusterEffect> out) {
        failedPurges.replaceAll((topicId, purge) -> {
            if (purge.left() == 1) {
                out.emit(new NodeEffect.PurgeTopic(topicId));
            }
            return new FailedPurge(purge.pause(), Math.max(0, purge.left() - 1));
        });
    }

    void onPurged(UUID topicId, long epoch, Effects<ClusterEffect> out) {
        failedPurges.remove(topicId);
        purged.add(topicId);
        link.send(epoch, new Message.PurgeConfirm(epoch, topicId), out);
    }

    /** Asks again for what is not done. */
    void repeat(long epoch, Effects<ClusterEffect> out) {
        purgeAgain(out);
        producerIds.forEach(id -> link.send(epoch, new Message.ProducerIdsRequest(id), out));
        internalTopics.forEach(name -> link.send(epoch, new Message.InternalTopicRequest(name), out));
        purged.forEach(id -> link.send(epoch, new Message.PurgeConfirm(epoch, id), out));
    }
}
