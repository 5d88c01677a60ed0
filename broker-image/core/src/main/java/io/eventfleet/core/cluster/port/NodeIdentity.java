// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.LeaseHolder;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is.
 *
 * @param cluster name of the EventCluster, from which object names are derived
 * @param brokerId the pod's ordinal
 * @param podUid uid of the pod
 * @param incarnation random id of this process
 * @param bootId identifies the boot of the machine and the attachment of the volume: equal means that the page cache
 *     of the previous process is still there
 * @param volumeId uid of the bound volume, if the operator told
 * @param durability mode in which this process writes records
 * @param internal address for brokers
 * @param listeners advertised address by listener name
 * @param rack failure domain, if known
 */
public record NodeIdentity(
        String cluster,
        int brokerId,
        String podUid,
        UUID incarnation,
        String bootId,
        @Nullable String volumeId,
        Durability durability,
        Endpoint internal,
        SortedMap<String, Endpoint> listeners,
        @Nullable String rack) {

    public NodeIdentity {
        listeners = Collections.unmodifiableSortedMap(new TreeMap<>(listeners));
    }

    public LeaseHolder holder() {
        return new LeaseHolder(brokerId, podUid, incarnation);
    }
}
