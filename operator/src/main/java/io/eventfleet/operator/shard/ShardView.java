// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.shard;

import io.eventfleet.api.contract.ShardTopic;
import io.eventfleet.api.contract.ShardTopic.Partition;
import io.eventfleet.api.contract.ShardTopic.State;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All shards of one cluster at one moment. Immutable.
 *
 * @param topics every topic that has a home shard here, in any state
 * @param highestBrokerKnown the highest broker id that a shard vouches for; -1 when there is none
 * @param complete whether every block could be read and belongs to one of the topics
 */
public record ShardView(List<PlacedTopic> topics, int highestBrokerKnown, boolean complete) {
    private static final Logger LOG = LoggerFactory.getLogger(ShardView.class);

    /** Puts the shards of one cluster together; a block that cannot be read is logged and left out. */
    public static ShardView of(Collection<PartitionShard> shards) {
        var blocks = new TreeMap<String, List<ShardTopic>>();
        var known = -1;
        var complete = true;
        for (var shard : shards) {
            if (shard.getSpec() == null) {
                continue;
            }
            for (var broker : shard.getSpec().brokerEpochs().keySet()) {
                known = Math.max(known, brokerId(broker));
            }
            for (var topic : shard.getSpec().topics().entrySet()) {
                var block = read(shard, topic.getKey(), topic.getValue());
                block.ifPresent(readable -> blocks.computeIfAbsent(topic.getKey(), key -> new ArrayList<>())
                        .add(readable));
                complete &= block.isPresent();
            }
        }
        var topics = blocks.entrySet().stream()
                .flatMap(entry -> placed(entry).stream())
                .toList();
        return new ShardView(topics, known, complete && topics.size() == blocks.size());
    }

    /** The topic that belongs to this Topic resource. */
    public Optional<PlacedTopic> ownedBy(String uid) {
        return topics.stream().filter(topic -> topic.uid().equals(uid)).findFirst();
    }

    /** Topics that serve. */
    public List<PlacedTopic> open() {
        return topics.stream().filter(topic -> topic.state() == State.OPEN).toList();
    }

    /** Topics whose data is still needed: those that serve, are being made, or can be restored. */
    public Stream<PlacedTopic> inUse() {
        return topics.stream().filter(topic -> topic.state() != State.PURGING);
    }

    /** The highest broker id that has a replica of anything that is not gone; -1 when none has. */
    public int highestBrokerInUse() {
        return inUse().flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .max(Comparator.naturalOrder())
                .orElse(-1);
    }

    private static int brokerId(String key) {
        return key.matches("\\d{1,9}") ? Integer.parseInt(key) : -1;
    }

    private static Optional<PlacedTopic> placed(Map.Entry<String, List<ShardTopic>> entry) {
        var home = entry.getValue().stream().filter(ShardTopic::home).findFirst();
        return home.map(header -> new PlacedTopic(
                kafkaId(entry.getKey()),
                header.name(),
                header.uid(),
                header.state(),
                header.partitionCount(),
                entry.getValue().stream()
                        .flatMap(block -> block.partitions().stream())
                        .filter(partition -> partition.id() < header.partitionCount())
                        .sorted(Comparator.comparingInt(Partition::id))
                        .toList()));
    }

    private static Optional<ShardTopic> read(PartitionShard shard, String id, String text) {
        try {
            return Optional.of(ShardTopic.parse(text));
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("shard", shard.getMetadata().getName())
                    .addKeyValue("topicId", id)
                    .setCause(e)
                    .log("topic block cannot be read");
            return Optional.empty();
        }
    }

    /** Kafka writes ids as URL-safe Base64 without padding. */
    private static String kafkaId(String uuid) {
        try {
            var id = UUID.fromString(uuid);
            var bytes = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (IllegalArgumentException e) {
            return uuid;
        }
    }
}
