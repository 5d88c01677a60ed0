// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardViewTest {
    @Test
    void topicOverSeveralShardsIsPutTogetherByItsHome() {
        var view = ShardView.of(List.of(
                Shards.shard(1, "name=t uid=u state=NEW home=no partitions=0 minISR=1\n3 1@0.0 1 =\n2 -@0.0 2 ="),
                Shards.shard(0, "name=t uid=u state=OPEN partitions=3 minISR=1\n0 0@0.0 0 =\n1 1@0.0 1 =")));

        assertThat(view.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.partitions())
                    .extracting(partition -> partition.id())
                    .containsExactly(0, 1, 2);
            assertThat(topic.leaders()).isEqualTo(2);
            assertThat(topic.topicId()).isEqualTo("AAAAAAAAAAAAAAAAAAAAAA");
        });
        assertThat(view.highestBrokerInUse()).isEqualTo(2);
    }

    @Test
    void blockThatCannotBeReadHidesOnlyItself() {
        var view = ShardView.of(List.of(
                Shards.shard(0, "from another world", "name=t uid=u state=OPEN partitions=1 minISR=1\n0 0@0.0 0 =")));

        assertThat(view.ownedBy("u")).isPresent();
        assertThat(view.topics()).hasSize(1);
    }

    @Test
    void emptyClusterUsesNoBroker() {
        assertThat(ShardView.of(List.of()).highestBrokerInUse()).isEqualTo(-1);
    }
}
