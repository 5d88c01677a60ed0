// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which versions of the metadata somebody has. Shards are written independently, so there is no single version.
 *
 * @param storeGeneration grows when the store is repaired after a restore from backup
 * @param controllerEpoch highest epoch of a controller heard from
 * @param registryVersion version of the broker registry, or 0
 * @param shards version by shard name
 */
public record VersionVector(
        long storeGeneration, int controllerEpoch, long registryVersion, SortedMap<String, Long> shards) {

    /** What an empty disk knows. */
    public static final VersionVector NOTHING = new VersionVector(0, 0, 0, new TreeMap<>());

    public VersionVector {
        shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
    }

    /** True if this has every version of the other, or a newer one. */
    public boolean covers(VersionVector other) {
        if (storeGeneration != other.storeGeneration) {
            return storeGeneration > other.storeGeneration;
        }
        if (registryVersion < other.registryVersion) {
            return false;
        }
        for (Map.Entry<String, Long> shard : other.shards.entrySet()) {
            if (shards.getOrDefault(shard.getKey(), -1L) < shard.getValue()) {
                return false;
            }
        }
        return true;
    }
}
