// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.config.TopicNames;
import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ClusterAdmin.NewTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics that clients ask for, where that is allowed. Thread-safe. */
final class TopicAutoCreation {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Creations under way at the same time; more are refused and asked for again by their clients. */
    private static final int MAX_UNDER_WAY = 100;

    private static final int CLUSTER_DEFAULT = -1;
    private static final Logger LOG = LoggerFactory.getLogger(TopicAutoCreation.class);

    private final ClusterAdmin admin;
    private final boolean enabled;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** @param enabled {@code auto.create.topics.enable} */
    TopicAutoCreation(ClusterAdmin admin, boolean enabled) {
        this.admin = admin;
        this.enabled = enabled;
    }

    /**
     * Says what a client is told of an unknown topic, and begins to create it when both sides want that.
     *
     * @param allowed whether the client allows it
     */
    KafkaError onMissing(String name, boolean allowed) {
        if (TopicNames.validate(name) != null) {
            return KafkaError.INVALID_TOPIC_EXCEPTION;
        }
        if (enabled && allowed && underWay.size() < MAX_UNDER_WAY && underWay.add(name)) {
            var topic = new NewTopic(name, CLUSTER_DEFAULT, CLUSTER_DEFAULT, Map.of(), List.of(), false);
            admin.createTopic(topic, false, TIMEOUT).whenComplete((result, failure) -> {
                underWay.remove(name);
                if (failure != null) {
                    LOG.atWarn().addKeyValue("topic", name).setCause(failure).log("topic not created");
                } else if (result.error() != KafkaError.NONE) {
                    LOG.atInfo()
                            .addKeyValue("topic", name)
                            .addKeyValue("error", result.error())
                            .addKeyValue("reason", result.message())
                            .log("topic not created");
                }
            });
        }
        return KafkaError.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
