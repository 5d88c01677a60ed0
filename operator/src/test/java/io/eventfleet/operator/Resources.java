// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterStatus;
import io.eventfleet.api.v1alpha1.Topic;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resources as users write them. */
public final class Resources {
    private Resources() {}

    /** An EventCluster 'orders' with this spec, as flow YAML. */
    public static EventCluster cluster(String spec) {
        return read("EventCluster", "orders", "c1", spec, EventCluster.class);
    }

    /** An EventCluster 'orders' whose brokers serve. */
    public static EventCluster servingCluster() {
        var cluster = cluster("{storage: {size: 1Gi}, replicas: 3}");
        cluster.setStatus(balanced(3));
        return cluster;
    }

    /** The status of three brokers that serve, whose replicas were last spread over so many. */
    public static EventClusterStatus balanced(@Nullable Integer brokers) {
        return new EventClusterStatus(
                1L,
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .build()),
                "id",
                true,
                3,
                3,
                "",
                "orders-bootstrap.shop.svc:9092",
                "orders-broker-0",
                0,
                0,
                brokers,
                "1");
    }

    /** A Topic of that name and uid with this spec, as flow YAML. */
    public static Topic topic(String name, String uid, String spec) {
        return read("Topic", name, uid, spec, Topic.class);
    }

    /** A ConsumerGroup 'billing' with this spec, as flow YAML. */
    public static ConsumerGroup group(String spec) {
        return read("ConsumerGroup", "billing", "g1", spec, ConsumerGroup.class);
    }

    /** Conditions as "Type=Status/Reason". */
    public static List<String> summary(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> condition.getType() + "=" + condition.getStatus() + "/" + condition.getReason())
                .toList();
    }

    private static <T> T read(String kind, String name, String uid, String spec, Class<T> type) {
        return Serialization.unmarshal("""
                apiVersion: eventfleet.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: shop, uid: %s, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: %s
                """.formatted(kind, name, uid, spec), type);
    }
}
