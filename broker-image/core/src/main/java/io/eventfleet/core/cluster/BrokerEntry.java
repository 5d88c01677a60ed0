// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One broker in the registry. Entries are never removed, only retired: the epochs of a volume that comes back must
 * stay comparable.
 *
 * @param id broker id, the pod's ordinal
 * @param epoch broker epoch of the registered incarnation
 * @param lastUnfencedEpoch the newest epoch that was ever unfenced, or {@link #NEVER_UNFENCED}
 * @param incarnation random id of the registered process
 * @param podUid uid of its pod
 * @param dirIds ids of the data directories it is known to own
 * @param volumeId uid of the volume behind them, if the operator told
 * @param state life cycle
 * @param internal address for the other brokers
 * @param listeners advertised address by listener name
 * @param rack failure domain, if known
 * @param extra fields written by a newer version, kept as they are
 */
public record BrokerEntry(
        int id,
        long epoch,
        long lastUnfencedEpoch,
        UUID incarnation,
        String podUid,
        List<UUID> dirIds,
        @Nullable String volumeId,
        BrokerState state,
        Endpoint internal,
        SortedMap<String, Endpoint> listeners,
        @Nullable String rack,
        SortedMap<String, String> extra) {

    /** No epoch was ever unfenced. Differs from what an unformatted disk says, so that two unknowns never match. */
    public static final long NEVER_UNFENCED = -2;

    public BrokerEntry {
        dirIds = List.copyOf(dirIds);
        listeners = Collections.unmodifiableSortedMap(new TreeMap<>(listeners));
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    public BrokerEntry withState(BrokerState newState) {
        return new BrokerEntry(
                id,
                epoch,
                lastUnfencedEpoch,
                incarnation,
                podUid,
                dirIds,
                volumeId,
                newState,
                internal,
                listeners,
                rack,
                extra);
    }

    /** Unfenced with its present epoch. */
    public BrokerEntry unfenced() {
        return new BrokerEntry(
                id,
                epoch,
                epoch,
                incarnation,
                podUid,
                dirIds,
                volumeId,
                BrokerState.UNFENCED,
                internal,
                listeners,
                rack,
                extra);
    }

    /** What the rest of a broker sees of it. */
    public BrokerInfo info() {
        return new BrokerInfo(id, epoch, incarnation, listeners, internal, rack, state);
    }
}
