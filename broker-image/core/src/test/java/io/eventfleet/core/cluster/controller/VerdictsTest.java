// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.DiskProof;
import io.eventfleet.core.cluster.message.Verdict;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rule 36: each way in which a disk can come back. */
class VerdictsTest {

    private static final UUID DIR = new UUID(1, 1);

    private static BrokerEntry entry(long epoch, long lastUnfenced) {
        return new BrokerEntry(
                0,
                epoch,
                lastUnfenced,
                new UUID(9, 9),
                "pod",
                List.of(DIR),
                "volume-1",
                BrokerState.UNFENCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null,
                new TreeMap<>());
    }

    private static DiskProof proof(UUID dir, long epoch, long clean, Durability mode, String boot, String volume) {
        return new DiskProof("c", 0, dir, epoch, clean, mode, "boot-1", boot, volume, VersionVector.NOTHING);
    }

    private static Verdict judge(@Nullable BrokerEntry entry, DiskProof proof) {
        return Verdicts.classify(proof, entry);
    }

    @Test
    void judgesByWhatTheDiskProves() {
        var served = entry(7, 7);
        assertThat(judge(null, proof(DIR, 7, -1, Durability.SYNCED, "boot-1", "volume-1")))
                .isEqualTo(Verdict.NEW);
        assertThat(judge(served, proof(DIR, 7, -1, Durability.SYNCED, "boot-2", "volume-1")))
                .isEqualTo(Verdict.INTACT);
        assertThat(judge(served, proof(DIR, 7, -1, Durability.BUFFERED, "boot-1", "volume-1")))
                .isEqualTo(Verdict.INTACT);
        assertThat(judge(served, proof(DIR, 7, 7, Durability.BUFFERED, "boot-2", "volume-1")))
                .isEqualTo(Verdict.INTACT);
        assertThat(judge(served, proof(DIR, 7, -1, Durability.BUFFERED, "boot-2", "volume-1")))
                .isEqualTo(Verdict.UNCLEAN);
        assertThat(judge(served, proof(DIR, 7, 6, Durability.BUFFERED, "boot-2", "volume-1")))
                .isEqualTo(Verdict.UNCLEAN);
    }

    @Test
    void anotherDirectoryVolumeOrAnOlderEpochIsLost() {
        var served = entry(7, 7);
        assertThat(judge(served, proof(new UUID(2, 2), 7, 7, Durability.SYNCED, "boot-1", "volume-1")))
                .isEqualTo(Verdict.LOST);
        assertThat(judge(served, proof(DIR, 7, 7, Durability.SYNCED, "boot-1", "volume-2")))
                .isEqualTo(Verdict.LOST);
        assertThat(judge(served, proof(DIR, 6, 6, Durability.SYNCED, "boot-1", "volume-1")))
                .isEqualTo(Verdict.LOST);
    }

    @Test
    void aCrashBetweenRegisteringAndPersistingLosesNothing() {
        assertThat(judge(entry(8, 7), proof(DIR, 7, -1, Durability.SYNCED, "boot-1", "volume-1")))
                .isEqualTo(Verdict.INTACT);
    }

    @Test
    void unknownOnBothSidesIsNotClean() {
        var neverServed = entry(3, BrokerEntry.NEVER_UNFENCED);
        assertThat(judge(
                        entry(3, 3),
                        proof(
                                DIR,
                                DiskProof.UNKNOWN_EPOCH,
                                DiskProof.UNKNOWN_EPOCH,
                                Durability.SYNCED,
                                "b",
                                "volume-1")))
                .isEqualTo(Verdict.LOST);
        assertThat(judge(neverServed, proof(DIR, -1, -1, Durability.BUFFERED, "boot-2", "volume-1")))
                .isEqualTo(Verdict.INTACT);
    }

    @Test
    void aKnownDiskThatIsAheadMeansThatTheStoreWentBack() {
        assertThat(Verdicts.storeRegressed(proof(DIR, 9, -1, Durability.SYNCED, "b", "v"), entry(7, 7), 20))
                .isTrue();
        assertThat(Verdicts.storeRegressed(proof(new UUID(2, 2), 9, -1, Durability.SYNCED, "b", "v"), entry(7, 7), 20))
                .isFalse();
    }
}
