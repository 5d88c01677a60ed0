// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.operator.status.Verdict;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which cluster an EventCluster is, and whether its metadata root is made. Pure.
 *
 * <p>The order {@code id in status → root → "created" in status → brokers} makes every crash recoverable: a root is made only while nobody can have
 * used one, and an id that data carries always wins over a new one.
 */
final class ClusterIdentity {
    private ClusterIdentity() {}

    /**
     * What is known.
     *
     * @param recordedId status.clusterId
     * @param created status.metadataCreated
     * @param rootId clusterId of the root that exists
     * @param volumeIds clusterIds that volumes of this name carry
     */
    record Facts(
            @Nullable String recordedId,
            boolean created,
            @Nullable String rootId,
            Set<String> volumeIds) {}

    /** What is to be done next. */
    sealed interface Step {
        /** Write the id into the status. */
        record RecordId(String clusterId) implements Step {}

        /**
         * Make the root.
         *
         * @param rebuild true when volumes hold data that the root does not know
         */
        record CreateRoot(String clusterId, boolean rebuild) implements Step {}

        /** Write into the status that the root was made. */
        record RecordCreated(String clusterId) implements Step {}

        /** Everything is there. */
        record Settled(String clusterId) implements Step {}

        /** Nothing can be done without a human. */
        record Refused(Verdict verdict) implements Step {}
    }

    static Step next(Facts facts, Supplier<String> newId) {
        var found = new TreeSet<>(facts.volumeIds());
        if (facts.rootId() != null) {
            found.add(facts.rootId());
        }
        if (facts.recordedId() != null) {
            found.add(facts.recordedId());
        }
        if (found.size() > 1) {
            return refused(
                    Reason.ClusterIdConflict,
                    "status, metadata and volumes of this name belong to different clusters: "
                            + String.join(", ", found));
        }
        if (facts.recordedId() == null) {
            return new Step.RecordId(found.isEmpty() ? newId.get() : found.first());
        }
        if (facts.rootId() != null) {
            return facts.created() ? new Step.Settled(facts.recordedId()) : new Step.RecordCreated(facts.recordedId());
        }
        if (facts.created()) {
            return refused(
                    Reason.MetadataLost,
                    "the ClusterMeta object of cluster " + facts.recordedId()
                            + " is gone; restore it from a backup: it is not made again");
        }
        return new Step.CreateRoot(facts.recordedId(), !facts.volumeIds().isEmpty());
    }

    private static Step refused(Reason reason, String message) {
        return new Step.Refused(Verdict.stalled(reason, message));
    }
}
