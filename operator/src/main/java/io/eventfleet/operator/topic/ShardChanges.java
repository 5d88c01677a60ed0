// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.ShardTopic;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Remembers the blocks of every shard by hash, so that a shard that changes wakes only the topics whose block changed. Thread-safe; one shard's
 * events arrive in order.
 */
final class ShardChanges {
    private final Map<ResourceID, Seen> shards = new ConcurrentHashMap<>();

    private record Seen(String cluster, Map<String, Block> blocks) {}

    private record Block(String uid, int hash) {}

    /** Uids of the Topics whose block is new, different or gone since the last call for that shard. */
    Set<String> changedBy(PartitionShard shard) {
        var now = new HashMap<String, Block>();
        if (shard.getSpec() != null) {
            shard.getSpec().topics().forEach((id, text) -> now.put(id, new Block(uid(text), text.hashCode())));
        }
        var cluster = shard.getMetadata().getLabels().getOrDefault(Labels.CLUSTER, "");
        var before = shards.put(ResourceID.fromResource(shard), new Seen(cluster, now));
        var changed = new HashSet<>(now.values());
        if (before != null) {
            var gone = new HashSet<>(before.blocks().values());
            gone.removeAll(now.values());
            changed.removeAll(before.blocks().values());
            changed.addAll(gone);
        }
        return changed.stream().map(Block::uid).collect(Collectors.toSet());
    }

    /** The shards of a cluster that were ever seen. */
    Set<ResourceID> shardsOf(String namespace, String cluster) {
        return shards.entrySet().stream()
                .filter(entry -> entry.getValue().cluster().equals(cluster))
                .map(Map.Entry::getKey)
                .filter(id -> id.getNamespace().filter(namespace::equals).isPresent())
                .collect(Collectors.toSet());
    }

    private static String uid(String text) {
        try {
            return ShardTopic.parse(text).uid();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
