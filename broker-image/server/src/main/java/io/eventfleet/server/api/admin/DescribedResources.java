// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.DescribedSetting;
import io.eventfleet.config.TopicNames;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.cluster.image.ClusterImages;
import java.util.List;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** The settings of whatever has settings. Thread-safe. */
final class DescribedResources {
    private final ClusterImages images;
    private final BrokerConfig config;
    private final int brokerId;

    DescribedResources(ClusterImages images, BrokerConfig config, int brokerId) {
        this.images = images;
        this.config = config;
        this.brokerId = brokerId;
    }

    /** The settings of a resource, or why there are none. */
    sealed interface Description {
        record Found(List<DescribedSetting> settings) implements Description {}

        record Refused(Outcome why) implements Description {}
    }

    Description describe(byte type, String name) {
        return switch (ConfigResource.Type.forId(type)) {
            case TOPIC -> describeTopic(name);
            case BROKER -> describeBroker(name);
            default -> refused(Errors.INVALID_REQUEST, "Resource type " + typeName(type) + " has no settings here.");
        };
    }

    static String typeName(byte type) {
        var known = ConfigResource.Type.forId(type);
        return known == ConfigResource.Type.UNKNOWN ? Byte.toString(type) : known.name();
    }

    private Description describeTopic(String name) {
        var illegal = TopicNames.validate(name);
        if (illegal != null) {
            return refused(Errors.INVALID_TOPIC_EXCEPTION, "Topic name is invalid: " + illegal);
        }
        return images.current()
                .topic(name)
                .<Description>map(
                        topic -> new Description.Found(TopicSettings.describe(topic.config(), config.values())))
                .orElseGet(() ->
                        refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition."));
    }

    /** An empty name asks for settings that were changed at run time for all brokers; there are never any. */
    private Description describeBroker(String name) {
        if (name.isEmpty()) {
            return new Description.Found(List.of());
        }
        return name.equals(Integer.toString(brokerId))
                ? new Description.Found(config.describe())
                : refused(
                        Errors.INVALID_REQUEST,
                        "Unexpected broker id, expected " + brokerId + " or empty string, but received " + name);
    }

    private static Description refused(Errors error, String message) {
        return new Description.Refused(Outcome.refused(error, message));
    }
}
