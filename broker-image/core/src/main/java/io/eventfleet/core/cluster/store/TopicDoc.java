// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the controller reads of a Topic resource.
 *
 * @param uid metadata.uid
 * @param topicName spec.topicName, or metadata.name
 * @param partitions spec.partitions with the cluster's default applied
 * @param replicationFactor spec.replicationFactor with the cluster's default applied
 * @param config spec.config
 * @param assignment brokers per partition when a Kafka admin client chose them, else empty
 * @param createdAt metadata.creationTimestamp as text that sorts by time
 * @param deleting metadata.deletionTimestamp is set
 * @param finalizer our finalizer is present: the resource cannot vanish unnoticed
 * @param restore the restore annotation is {@code "true"}
 * @param deletionConfirmed the annotation that lets a mass deletion through is {@code "true"}
 * @param deletionDelayMs delay before data goes if the deletion asked for its own, else null
 */
public record TopicDoc(
        String uid,
        String topicName,
        int partitions,
        int replicationFactor,
        SortedMap<String, String> config,
        List<List<Integer>> assignment,
        String createdAt,
        boolean deleting,
        boolean finalizer,
        boolean restore,
        boolean deletionConfirmed,
        @Nullable Long deletionDelayMs)
        implements Body {

    public TopicDoc {
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        assignment = assignment.stream().map(List::copyOf).toList();
    }

    /** A resource to be created by the system itself; the API server fills in the rest. */
    public static TopicDoc toCreate(
            String topicName, int partitions, int replicationFactor, SortedMap<String, String> config) {
        return new TopicDoc(
                "", topicName, partitions, replicationFactor, config, List.of(), "", false, true, false, false, null);
    }
}
