// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.operator.shard.Shards;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.junit.jupiter.api.Test;

class ShardChangesTest {
    private static final String A = "name=a uid=ua state=OPEN partitions=1 minISR=1\n0 0@0.0 0 =";
    private static final String A_MOVED = "name=a uid=ua state=OPEN partitions=1 minISR=1\n0 1@1.1 1 =";
    private static final String B = "name=b uid=ub state=OPEN partitions=1 minISR=1\n0 0@0.0 0 =";

    private final ShardChanges changes = new ShardChanges();

    @Test
    void onlyTopicsWhoseBlockChangedAreWoken() {
        assertThat(changes.changedBy(Shards.shard(0, A, B))).containsExactlyInAnyOrder("ua", "ub");
        assertThat(changes.changedBy(Shards.shard(0, A, B))).isEmpty();
        assertThat(changes.changedBy(Shards.shard(0, A_MOVED, B))).containsExactly("ua");
        assertThat(changes.changedBy(Shards.shard(0, A_MOVED))).containsExactly("ub");
    }

    @Test
    void shardsAreKnownByTheirCluster() {
        changes.changedBy(Shards.shard(0, A));
        changes.changedBy(Shards.shard(1, B));

        assertThat(changes.shardsOf("shop", "orders"))
                .containsExactlyInAnyOrder(
                        new ResourceID("orders-shard-0", "shop"), new ResourceID("orders-shard-1", "shop"));
        assertThat(changes.shardsOf("shop", "other")).isEmpty();
        assertThat(changes.shardsOf("elsewhere", "orders")).isEmpty();
    }
}
