// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.DroppedReplica;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.step.Effects;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a broker asks of the controller for others, and reports to it, repeated until it is done: producer ids, internal
 * topics, changes of replicas and leaders, data that is gone.
 */
final class Errands {

    private final ControllerLink link;
    private final Set<Long> producerIds = new TreeSet<>();
    private final Set<String> internalTopics = new TreeSet<>();
    private final SortedMap<Long, Message.ToController> replicaChanges = new TreeMap<>();
    private final Removals<UUID> purges = new Removals<UUID>(Comparator.naturalOrder());
    private final Removals<DroppedReplica> drops = new Removals<>(DroppedReplica.ORDER);

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

    /** An administrator's request, sent as it is until it is answered or nobody waits any more. */
    void wantReplicaChange(long requestId, Message.ToController request, long epoch, Effects<ClusterEffect> out) {
        replicaChanges.put(requestId, request);
        link.send(epoch, request, out);
    }

    void forgetReplicaChange(long requestId) {
        replicaChanges.remove(requestId);
    }

    void onReplicaChange(Message.ReplicaChangeReply reply, Effects<ClusterEffect> out) {
        if (replicaChanges.remove(reply.requestId()) != null) {
            out.emit(new NodeEffect.ReplicaChangeDone(reply.requestId(), reply.outcomes()));
        }
    }

    /** Begins to delete what the durable metadata says is purging or dropped; everything else is left alone (rule 39). */
    void onInstalled(ClusterImage image, List<UUID> purging, List<DroppedReplica> dropped, Effects<ClusterEffect> out) {
        internalTopics.removeIf(name -> image.topic(name).isPresent());
        purges.onWanted(purging, topicId -> out.emit(new NodeEffect.PurgeTopic(topicId)));
        drops.onWanted(dropped, replica -> out.emit(new NodeEffect.DropReplica(replica)));
    }

    void onPurgeFailed(UUID topicId) {
        purges.onFailed(topicId);
    }

    void onPurged(UUID topicId, long epoch, Effects<ClusterEffect> out) {
        purges.onDone(topicId);
        link.send(epoch, new Message.PurgeConfirm(epoch, topicId), out);
    }

    void onDropFailed(DroppedReplica replica) {
        drops.onFailed(replica);
    }

    void onDropped(DroppedReplica replica, long epoch, Effects<ClusterEffect> out) {
        drops.onDone(replica);
        confirmDrop(replica, epoch, out);
    }

    private void confirmDrop(DroppedReplica replica, long epoch, Effects<ClusterEffect> out) {
        link.send(epoch, new Message.ReplicaDropped(epoch, replica.id(), replica.droppedIn()), out);
    }

    /** Asks again for what is not done. */
    void repeat(long epoch, Effects<ClusterEffect> out) {
        purges.onBeat(topicId -> out.emit(new NodeEffect.PurgeTopic(topicId)));
        drops.onBeat(replica -> out.emit(new NodeEffect.DropReplica(replica)));
        producerIds.forEach(id -> link.send(epoch, new Message.ProducerIdsRequest(id), out));
        internalTopics.forEach(name -> link.send(epoch, new Message.InternalTopicRequest(name), out));
        replicaChanges.values().forEach(request -> link.send(epoch, request, out));
        purges.done().forEach(id -> link.send(epoch, new Message.PurgeConfirm(epoch, id), out));
        drops.done().forEach(replica -> confirmDrop(replica, epoch, out));
    }
}
