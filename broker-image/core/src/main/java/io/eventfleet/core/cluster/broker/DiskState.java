// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.BrokerText;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.message.DiskProof;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's disk says about the broker, read once at start. {@link BrokerText} and its siblings say how lines are
 * written; here every key holds UTF-8 text.
 *
 * @param clusterId cluster whose data this is, or null
 * @param brokerId broker whose data this is, or -1
 * @param dirId id of the directory, or null before it is formatted
 * @param served the incarnation that served last, or null if none did
 * @param cleanEpoch epoch in the clean marker, or {@link DiskProof#UNKNOWN_EPOCH}
 * @param seen newest metadata installed
 * @param shards newest shards installed, by name
 */
public record DiskState(
        @Nullable String clusterId,
        int brokerId,
        @Nullable UUID dirId,
        @Nullable Served served,
        long cleanEpoch,
        VersionVector seen,
        SortedMap<String, ShardDoc> shards) {

    /** Facts that change together, in one synced batch. */
    public record Served(long brokerEpoch, UUID incarnation, String bootId, Durability durability) {}

    /** Reads the facts through the port {@code BrokerMeta}. */
    public static DiskState read(Function<String, Optional<byte[]>> meta) {
        String clusterId = text(meta, DiskKeys.CLUSTER_ID);
        String brokerId = text(meta, DiskKeys.BROKER_ID);
        String dirId = text(meta, DiskKeys.DIR_ID);
        String served = text(meta, DiskKeys.SERVED);
        String clean = text(meta, DiskKeys.CLEAN);
        String seen = text(meta, DiskKeys.SEEN);
        var vector = seen == null ? VersionVector.NOTHING : DiskText.parseSeen(seen);
        var shards = new TreeMap<String, ShardDoc>();
        for (String name : vector.shards().keySet()) {
            String shard = text(meta, DiskKeys.shard(name));
            if (shard != null) {
                shards.put(name, DiskText.parseShard(shard));
            }
        }
        return new DiskState(
                clusterId,
                brokerId == null ? -1 : Integer.parseInt(brokerId),
                dirId == null ? null : UUID.fromString(dirId),
                served == null ? null : DiskText.parseServed(served),
                clean == null ? DiskProof.UNKNOWN_EPOCH : Long.parseLong(clean),
                vector,
                shards);
    }

    /**
     * What a registration says of this disk.
     *
     * @param formattedAs id of the directory, new if it was formatted by this process
     * @param me the process that registers
     * @param newestSeen newest metadata durable here by now
     */
    DiskProof proof(UUID formattedAs, NodeIdentity me, VersionVector newestSeen) {
        return new DiskProof(
                clusterId,
                brokerId,
                formattedAs,
                served == null ? DiskProof.UNKNOWN_EPOCH : served.brokerEpoch(),
                cleanEpoch,
                served == null ? null : served.durability(),
                served == null ? null : served.bootId(),
                me.bootId(),
                me.volumeId(),
                newestSeen);
    }

    private static @Nullable String text(Function<String, Optional<byte[]>> meta, String key) {
        return meta.apply(key)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }
}
