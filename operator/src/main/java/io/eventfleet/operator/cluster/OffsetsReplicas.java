// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Replicas of the topic that holds the groups' offsets. The brokers create its resource when the first group needs it,
 * perhaps while there is one broker; the operator, which knows how many are declared, keeps the number right. Pure.
 */
public final class OffsetsReplicas {
    /** Kafka's name of the topic. */
    private static final String TOPIC = "__consumer_offsets";

    private OffsetsReplicas() {}

    /** True for the topic that is meant. */
    public static boolean isFor(String topicName) {
        return topicName.equals(TOPIC);
    }

    /**
     * The number that the resource should declare: {@code offsets.topic.replication.factor}, or the brokers if they are
     * fewer. It is lowered at once, so that brokers can go, and raised when all brokers serve.
     *
     * @param declared what the resource declares now
     * @return empty if that is right, or not to be changed yet
     */
    public static OptionalInt change(EventCluster cluster, @Nullable Integer declared) {
        var spec = cluster.getSpec();
        if (spec == null || declared == null) {
            return OptionalInt.empty();
        }
        int brokers = ClusterDefaults.replicas(spec);
        int wanted = Math.min(ClusterDefaults.offsetsReplicas(spec), brokers);
        boolean complete = cluster.getStatus() != null
                && cluster.getStatus().readyReplicas() != null
                && cluster.getStatus().readyReplicas() >= brokers;
        return wanted < declared || (wanted > declared && complete) ? OptionalInt.of(wanted) : OptionalInt.empty();
    }
}
