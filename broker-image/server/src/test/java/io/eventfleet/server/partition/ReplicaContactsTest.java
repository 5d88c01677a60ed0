// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.PartitionInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a leader may not acknowledge what nobody else holds (S19, rule 26). */
class ReplicaContactsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final PartitionInfo REPLICATED = PartitionInfo.of(0, 0, 3, 4, 1, List.of(0, 1, 2), List.of(0));
    private static final PartitionInfo SINGLE = PartitionInfo.of(0, 0, 3, 4, 1, List.of(0), List.of(0));

    private long now = 100 * SECOND;
    private final ReplicaContacts contacts = new ReplicaContacts(0, () -> now);

    @Test
    void aLeaderThatHearsStoreOrControllerIsNotCutOff() {
        assertThat(contacts.isCutOff(REPLICATED)).isFalse();
    }

    @Test
    void aLeaderThatHearsNobodyIsCutOff() {
        contacts.setAlone(true);

        assertThat(contacts.isCutOff(REPLICATED)).isTrue();
    }

    @Test
    void aPartitionWithoutOtherReplicasHasNobodyToMiss() {
        contacts.setAlone(true);

        assertThat(contacts.isCutOff(SINGLE)).isFalse();
    }

    @Test
    void oneFollowerHeardIsEnoughForTenSeconds() {
        contacts.setAlone(true);
        contacts.heard(2);
        now += 9 * SECOND;
        assertThat(contacts.isCutOff(REPLICATED)).isFalse();

        now += SECOND;
        assertThat(contacts.isCutOff(REPLICATED)).isTrue();
    }

    @Test
    void whatIsHeardOfBrokersWithoutAReplicaDoesNotCount() {
        contacts.setAlone(true);
        contacts.heard(0);
        contacts.heard(7);

        assertThat(contacts.isCutOff(REPLICATED)).isTrue();
        assertThat(contacts.heardAt()).isEqualTo(Map.of(0, now, 7, now));
    }
}
