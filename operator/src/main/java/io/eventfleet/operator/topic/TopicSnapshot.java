// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.shard.PlacedTopic;
import org.jspecify.annotations.Nullable;

/**
 * What exists around a Topic at the moment of a pass. Immutable.
 *
 * @param cluster the EventCluster that it names; null when there is none
 * @param placed what the shards say of it; null when they say nothing
 * @param elder name of an older Topic that declares the same topic name; null when there is none
 */
record TopicSnapshot(
        @Nullable EventCluster cluster,
        @Nullable PlacedTopic placed,
        @Nullable String elder) {}
