// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.VersionVector;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a broker found on its disk at start: the controller judges by it whether everything that the broker once
 * reported is still there. Written by the incarnation before, except the two facts about the present machine.
 *
 * @param clusterId cluster whose data it holds, or null on a new disk
 * @param brokerId broker whose data it holds, or -1 on a new disk
 * @param dirId id given to the directory when it was formatted
 * @param brokerEpoch epoch of the incarnation that served from it last, or {@link #UNKNOWN_EPOCH}
 * @param cleanEpoch epoch in the marker of a clean shutdown, or {@link #UNKNOWN_EPOCH}
 * @param durability mode of the incarnation that served from it last, or null if none did
 * @param storedBootId boot in which that incarnation ran, or null
 * @param bootId the present boot of this machine and attachment of the volume
 * @param volumeId uid of the bound volume, if the operator told
 * @param seen newest metadata that was ever installed
 */
public record DiskProof(
        @Nullable String clusterId,
        int brokerId,
        UUID dirId,
        long brokerEpoch,
        long cleanEpoch,
        @Nullable Durability durability,
        @Nullable String storedBootId,
        String bootId,
        @Nullable String volumeId,
        VersionVector seen) {

    /** The disk says nothing. Differs from what the registry says for "never". */
    public static final long UNKNOWN_EPOCH = -1;
}
