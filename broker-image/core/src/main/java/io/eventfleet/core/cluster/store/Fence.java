// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/**
 * The fields by which the store refuses a write from the past, on every metadata object.
 *
 * @param storeGeneration grows only by repair after a restore
 * @param clusterId identity of the cluster, immutable
 * @param controllerEpoch epoch of the writer, never decreases
 * @param version grows by exactly one with every write
 * @param writeToken unique per write: {@code controllerEpoch/incarnation/term/sequence}; tells an applied write from a lost one
 */
public record Fence(long storeGeneration, String clusterId, int controllerEpoch, long version, String writeToken) {

    /** The fence of the next write by this epoch. */
    public Fence next(int epoch, String token) {
        return new Fence(storeGeneration, clusterId, epoch, version + 1, token);
    }
}
