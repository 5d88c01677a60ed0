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
        shard.setSpec(new PartitionShardSpec(1, "id", 1, 1, "1/1", id, Map.of(), blocks));
        return shard;
    }
}
