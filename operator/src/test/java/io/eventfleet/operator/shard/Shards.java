// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.shard;

import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.meta.v1alpha1.PartitionShardSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.TreeMap;

/** Shards of the cluster 'orders'. */
public final class Shards {
    private Shards() {}

    /** A shard with these topics, whose ids are 00000000-0000-0000-0000-000000000000 and so on. */
    public static PartitionShard shard(int id, String... topics) {
        return shard(id, Map.of(), topics);
    }

    /** Shard 0 with these topics, which vouches for these broker epochs. */
    public static PartitionShard stamped(Map<String, Long> brokerEpochs, String... topics) {
        return shard(0, brokerEpochs, topics);
    }

    private static PartitionShard shard(int id, Map<String, Long> brokerEpochs, String... topics) {
        var blocks = new TreeMap<String, String>();
        for (var i = 0; i < topics.length; i++) {
            blocks.put("00000000-0000-0000-0000-00000000000" + i, topics[i]);
        }
        var shard = new PartitionShard();
        shard.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("orders-shard-" + id)
                .withLabels(Map.of("eventfleet.io/cluster", "orders"))
                .build());
        shard.setSpec(new PartitionShardSpec(1, "id", 1, 1, "1/1", id, brokerEpochs, blocks));
        return shard;
    }
}
