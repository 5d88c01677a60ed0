// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HighWatermarkRuleTest {

    @Test
    void followsTheOnlyReplica() {
        assertThat(HighWatermarkRule.advance(3, 1, List.of(7L))).isEqualTo(7);
    }

    @Test
    void takesTheSlowestInSyncReplica() {
        assertThat(HighWatermarkRule.advance(3, 2, List.of(9L, 5L, 7L))).isEqualTo(5);
    }

    @Test
    void neverFalls() {
        assertThat(HighWatermarkRule.advance(8, 1, List.of(9L, 5L))).isEqualTo(8);
    }

    @Test
    void holdsWhileTooFewReplicasAreInSync() {
        assertThat(HighWatermarkRule.advance(3, 2, List.of(9L))).isEqualTo(3);
        assertThat(HighWatermarkRule.advance(3, 1, List.of())).isEqualTo(3);
    }

    @Test
    void holdsWhileAnInSyncReplicaHasNotReported() {
        assertThat(HighWatermarkRule.advance(3, 1, List.of(9L, -1L))).isEqualTo(3);
    }
}
