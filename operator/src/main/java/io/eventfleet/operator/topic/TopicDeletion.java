// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.contract.ShardTopic.State;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.shard.PlacedTopic;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a deleted Topic may vanish. Pure.
 *
 * <p>The controller broker closes the partitions of a Topic that is being deleted; until it has, the resource must stay, or nobody could tell a
 * deletion from a loss. When no controller can ever do it (the cluster, its metadata or the namespace is going), the resource is let go:
 * then nothing deletes data either.
 */
final class TopicDeletion {
    private TopicDeletion() {}

    /**
     * True when the finalizer may be removed.
     *
     * @param cluster the EventCluster, null when there is none
     * @param rootExists the cluster's metadata root is there
     * @param placed what the shards say about the topic, read from the API server; null when they say nothing
     */
    static boolean mayVanish(@Nullable EventCluster cluster, boolean rootExists, @Nullable PlacedTopic placed) {
        if (cluster == null || cluster.isMarkedForDeletion() || !rootExists) {
            return true;
        }
        return placed == null || placed.state() == State.TOMBSTONE || placed.state() == State.PURGING;
    }
}
