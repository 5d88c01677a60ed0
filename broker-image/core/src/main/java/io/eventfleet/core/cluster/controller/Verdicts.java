// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.message.DiskProof;
import io.eventfleet.core.cluster.message.Verdict;
import org.jspecify.annotations.Nullable;

/** Judges a registering broker's disk (§1.5, A7, A8). Pure. */
final class Verdicts {

    private Verdicts() {}

    /**
     * True if the disk is one that the registry knows, and yet newer than the registry: the store went back in time.
     */
    static boolean storeRegressed(DiskProof proof, @Nullable BrokerEntry entry, long nextBrokerEpoch) {
        return entry != null
                && entry.dirIds().contains(proof.dirId())
                && (proof.brokerEpoch() > entry.epoch() || proof.brokerEpoch() >= nextBrokerEpoch);
    }

    /** Whether everything that the broker ever reported is still on its disk. */
    static Verdict classify(DiskProof proof, @Nullable BrokerEntry entry) {
        if (entry == null) {
            return Verdict.NEW;
        }
        if (!entry.dirIds().contains(proof.dirId()) || onAnotherVolume(proof, entry)) {
            return Verdict.LOST;
        }
        if (proof.brokerEpoch() < entry.lastUnfencedEpoch()) {
            return Verdict.LOST;
        }
        boolean servedNothing = entry.lastUnfencedEpoch() == BrokerEntry.NEVER_UNFENCED;
        boolean clean = proof.cleanEpoch() != DiskProof.UNKNOWN_EPOCH && proof.cleanEpoch() == proof.brokerEpoch();
        boolean synced = proof.durability() == Durability.SYNCED;
        boolean sameBoot = proof.bootId().equals(proof.storedBootId());
        return servedNothing || clean || synced || sameBoot ? Verdict.INTACT : Verdict.UNCLEAN;
    }

    private static boolean onAnotherVolume(DiskProof proof, BrokerEntry entry) {
        return proof.volumeId() != null
                && entry.volumeId() != null
                && !proof.volumeId().equals(entry.volumeId());
    }
}
