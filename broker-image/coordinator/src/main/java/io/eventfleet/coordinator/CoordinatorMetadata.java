// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.protocol.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metadata.UnregisterBrokerRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/**
 * The cluster as Kafka's group coordinator wants to see it: topics with ids, partition counts and the racks of their
 * replicas, in the types of Kafka's own metadata log. Only differences are translated. Confined to one thread.
 *
 * <p>A deleted topic that can still be restored stays visible here as long as no other topic takes its name: the
 * coordinator drops the committed offsets of a topic that disappears, and an undone deletion must not have cost them.
 */
final class CoordinatorMetadata {
    private Map<UUID, Seen> topics = Map.of();
    private Map<Integer, BrokerInfo> brokers = Map.of();
    private MetadataImage image = MetadataImage.EMPTY;
    private long version;

    /** What to tell the coordinator: the change, and the whole after it. */
    record Update(MetadataDelta delta, MetadataImage image) {}

    /** Takes over an image; empty when nothing in it matters to groups. */
    Optional<Update> update(ClusterImage cluster) {
        var records = new ArrayList<ApiMessage>();
        changeBrokers(cluster, records);
        changeTopics(visibleTopics(cluster), records);
        if (records.isEmpty()) {
            return Optional.empty();
        }
        var delta = new MetadataDelta.Builder().setImage(image).build();
        records.forEach(delta::replay);
        version++;
        image = delta.apply(new MetadataProvenance(version, 1, version, true));
        return Optional.of(new Update(delta, image));
    }

    private static Map<UUID, Seen> visibleTopics(ClusterImage cluster) {
        var visible = new HashMap<UUID, Seen>();
        cluster.topicsById().values().forEach(topic -> {
            boolean restorable = topic.state() == TopicState.TOMBSTONE
                    && cluster.topic(topic.name()).isEmpty();
            if (topic.state() == TopicState.OPEN || restorable) {
                visible.put(topic.id(), Seen.of(topic));
            }
        });
        return visible;
    }

    private void changeBrokers(ClusterImage cluster, List<ApiMessage> records) {
        var next = new HashMap<Integer, BrokerInfo>();
        cluster.brokers().forEach((id, broker) -> {
            if (broker.state() != BrokerInfo.BrokerState.RETIRED) {
                next.put(id, broker);
                var before = brokers.get(id);
                if (before == null || !Objects.equals(before.rack(), broker.rack())) {
                    records.add(registration(broker));
                }
            }
        });
        brokers.forEach((id, broker) -> {
            if (!next.containsKey(id)) {
                records.add(new UnregisterBrokerRecord().setBrokerId(id).setBrokerEpoch(broker.epoch()));
            }
        });
        brokers = next;
    }

    private void changeTopics(Map<UUID, Seen> next, List<ApiMessage> records) {
        // Removals first: a topic created anew takes the name of the one that goes.
        topics.keySet().forEach(id -> {
            if (!next.containsKey(id)) {
                records.add(new RemoveTopicRecord().setTopicId(Ids.toKafka(id)));
            }
        });
        next.forEach((id, topic) -> {
            var before = topics.get(id);
            if (before == null) {
                records.add(new TopicRecord().setName(topic.name()).setTopicId(Ids.toKafka(id)));
            }
            for (int partition = 0; partition < topic.replicas().size(); partition++) {
                var replicas = topic.replicas().get(partition);
                if (before == null
                        || partition >= before.replicas().size()
                        || !before.replicas().get(partition).equals(replicas)) {
                    records.add(partition(id, partition, replicas));
                }
            }
        });
        topics = next;
    }

    private static RegisterBrokerRecord registration(BrokerInfo broker) {
        return new RegisterBrokerRecord()
                .setBrokerId(broker.id())
                .setBrokerEpoch(broker.epoch())
                .setIncarnationId(Ids.toKafka(broker.incarnation()))
                .setRack(broker.rack())
                .setFenced(false);
    }

    /** Leader and epochs are not read by the coordinator: the first replica and constants stand in for them. */
    private static PartitionRecord partition(UUID topic, int partition, List<Integer> replicas) {
        return new PartitionRecord()
                .setTopicId(Ids.toKafka(topic))
                .setPartitionId(partition)
                .setReplicas(replicas)
                .setIsr(replicas)
                .setLeader(replicas.isEmpty() ? PartitionInfo.NO_LEADER : replicas.getFirst())
                .setLeaderEpoch(0)
                .setPartitionEpoch(0)
                .setDirectories(
                        replicas.stream().map(id -> DirectoryId.UNASSIGNED).toList());
    }

    /** What of a topic matters to groups. */
    private record Seen(String name, List<List<Integer>> replicas) {
        static Seen of(TopicInfo topic) {
            return new Seen(
                    topic.name(),
                    topic.partitions().stream().map(PartitionInfo::replicas).toList());
        }
    }
}
