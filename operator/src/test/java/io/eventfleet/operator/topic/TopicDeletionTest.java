// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.operator.Resources;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.shard.Shards;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicDeletionTest {
    @ParameterizedTest
    @CsvSource({"NEW, false", "OPEN, false", "TOMBSTONE, true", "PURGING, true"})
    void topicStaysUntilItsPartitionsAreClosed(String state, boolean mayVanish) {
        assertThat(TopicDeletion.mayVanish(Resources.servingCluster(), true, placed(state)))
                .isEqualTo(mayVanish);
    }

    @Test
    void topicWithoutPartitionsMayVanish() {
        assertThat(TopicDeletion.mayVanish(Resources.servingCluster(), true, null))
                .isTrue();
    }

    @Test
    void topicMayVanishWhenNobodyCanCloseItsPartitions() {
        var terminating = Resources.servingCluster();
        terminating.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(TopicDeletion.mayVanish(null, true, placed("OPEN"))).isTrue();
        assertThat(TopicDeletion.mayVanish(terminating, true, placed("OPEN"))).isTrue();
        assertThat(TopicDeletion.mayVanish(Resources.servingCluster(), false, placed("OPEN")))
                .isTrue();
    }

    private static @Nullable PlacedTopic placed(String state) {
        return ShardView.of(List.of(Shards.shard(0, "name=t uid=u state=" + state + " partitions=0 minISR=1")))
                .ownedBy("u")
                .orElse(null);
    }
}
