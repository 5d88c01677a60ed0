// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The Topic resources of one cluster as an administrator's request needs them: the port that an adapter of the resource
 * store implements. Every change of an existing resource names the one that was read (uid and version), so that a
 * request that was delayed cannot touch a resource created anew under the same name. Thread-safe; stages never fail.
 */
public interface TopicResources {

    /** The resource that declares this topic, read linearizably; the oldest if there are several. */
    CompletionStage<Lookup> find(String topicName);

    /** Declares a topic. A resource of that name that exists already, also one being deleted, is a conflict. */
    CompletionStage<Written> create(Declaration declaration);

    /** Replaces size and settings of the resource that was read; topic name and cluster are immutable. */
    CompletionStage<Written> update(Stored read, Declaration declaration);

    /**
     * Asks for the deletion of exactly the resource that was read.
     *
     * @param dataDelayMs milliseconds for which the data is kept after the topic has become unavailable
     */
    CompletionStage<Written> delete(Stored read, long dataDelayMs);

    /**
     * What is declared.
     *
     * @param topicName what Kafka clients call the topic
     * @param partitions how many, or null for the cluster's default
     * @param replicationFactor replicas of each, or null for the cluster's default
     * @param config explicit settings
     * @param assignment broker ids per partition if a client chose them, from partition 0 on; an update that leaves it
     *     empty leaves the stored one
     */
    record Declaration(
            String topicName,
            @Nullable Integer partitions,
            @Nullable Integer replicationFactor,
            Map<String, String> config,
            List<List<Integer>> assignment) {
        public Declaration {
            config = Map.copyOf(config);
            assignment = List.copyOf(assignment);
        }
    }

    /**
     * A resource as it was read.
     *
     * @param objectName its name in the store
     * @param uid identity of this object, never used again
     * @param resourceVersion version that was read
     * @param deleting its deletion has begun
     * @param declaration what it declares
     */
    record Stored(String objectName, String uid, String resourceVersion, boolean deleting, Declaration declaration) {}

    /** Outcome of a read. */
    sealed interface Lookup {
        /** There it is. */
        record Found(Stored resource) implements Lookup {}

        /** No resource declares this topic. */
        record Absent() implements Lookup {}

        /** The store did not answer. */
        record Unavailable(String reason) implements Lookup {}
    }

    /** Outcome of a write. */
    sealed interface Written {
        /** It is stored. */
        record Ok() implements Written {}

        /** Another write came first, or the name is taken; nothing was changed. */
        record Conflict() implements Written {}

        /** The store refuses the content; nothing was changed. */
        record Refused(String reason) implements Written {}

        /** Nobody knows whether it was, or will be, applied. */
        record Unknown(String reason) implements Written {}
    }
}
