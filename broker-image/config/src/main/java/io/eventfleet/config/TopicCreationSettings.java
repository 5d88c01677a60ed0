// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

/**
 * What a topic is like when its creator does not say, and who may create and delete.
 *
 * @param numPartitions partitions of a new topic
 * @param defaultReplicationFactor replicas of a new topic
 * @param autoCreate whether asking for the metadata of an unknown topic creates it
 * @param deleteEnabled whether Kafka clients may delete topics
 */
public record TopicCreationSettings(
        int numPartitions, int defaultReplicationFactor, boolean autoCreate, boolean deleteEnabled) {
    /** Replicas that a partition can have at most. */
    public static final int MAX_REPLICATION_FACTOR = 7;

    static TopicCreationSettings of(SettingValues values) {
        return new TopicCreationSettings(
                values.integer("num.partitions"),
                values.integer("default.replication.factor"),
                values.flag("auto.create.topics.enable"),
                values.flag("delete.topic.enable"));
    }
}
