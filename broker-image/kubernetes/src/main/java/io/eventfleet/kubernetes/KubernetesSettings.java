// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import java.util.function.UnaryOperator;

/**
 * Which objects an adapter speaks of.
 *
 * @param namespace of the EventCluster and all its objects
 * @param cluster name of the EventCluster
 * @param topicDefaults what a Topic that does not say is taken to say
 * @param topicObjectNames maps a topic name to the name of the Topic resource that the system creates for it
 */
public record KubernetesSettings(
        String namespace, String cluster, TopicDefaults topicDefaults, UnaryOperator<String> topicObjectNames) {

    /**
     * Defaults of a cluster's Topics.
     *
     * @param partitions {@code num.partitions}
     * @param replicationFactor {@code default.replication.factor}
     */
    public record TopicDefaults(int partitions, int replicationFactor) {}
}
