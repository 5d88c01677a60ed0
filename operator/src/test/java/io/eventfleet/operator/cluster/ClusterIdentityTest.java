// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.operator.cluster.ClusterIdentity.Facts;
import io.eventfleet.operator.cluster.ClusterIdentity.Step;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterIdentityTest {
    @Test
    void newClusterRecordsItsIdBeforeAnythingElse() {
        assertThat(next(null, false, null)).isEqualTo(new Step.RecordId("fresh"));
        assertThat(next("fresh", false, null)).isEqualTo(new Step.CreateRoot("fresh", false));
        assertThat(next("fresh", false, "fresh")).isEqualTo(new Step.RecordCreated("fresh"));
        assertThat(next("fresh", true, "fresh")).isEqualTo(new Step.Settled("fresh"));
    }

    @Test
    void rootThatWasMadeOnceIsNeverMadeAgain() {
        assertRefused(next("id", true, null), Reason.MetadataLost);
        assertRefused(next("id", true, null, "id"), Reason.MetadataLost);
    }

    @Test
    void clusterThatIsMadeAgainAdoptsTheIdOfItsMetadataOrVolumes() {
        assertThat(next(null, false, "old")).isEqualTo(new Step.RecordId("old"));
        assertThat(next(null, false, null, "old")).isEqualTo(new Step.RecordId("old"));
        assertThat(next(null, false, "old", "old")).isEqualTo(new Step.RecordId("old"));
    }

    @Test
    void volumesWithoutMetadataAreRebuiltAndNotForgotten() {
        assertThat(next("old", false, null, "old")).isEqualTo(new Step.CreateRoot("old", true));
    }

    @Test
    void differentIdsAreRefused() {
        assertRefused(next(null, false, "a", "b"), Reason.ClusterIdConflict);
        assertRefused(next(null, false, null, "a", "b"), Reason.ClusterIdConflict);
        assertRefused(next("a", true, "b"), Reason.ClusterIdConflict);
        assertRefused(next("a", false, null, "b"), Reason.ClusterIdConflict);
    }

    @Test
    void idsAreDistinctAndDoNotLookLikeOptions() {
        var ids = Stream.generate(ClusterIds::random).limit(1000).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[A-Za-z0-9_][A-Za-z0-9_-]{21}"));
    }

    private static Step next(@Nullable String recorded, boolean created, @Nullable String root, String... volumes) {
        return ClusterIdentity.next(new Facts(recorded, created, root, Set.of(volumes)), () -> "fresh");
    }

    private static void assertRefused(Step step, Reason reason) {
        assertThat(step)
                .asInstanceOf(InstanceOfAssertFactories.type(Step.Refused.class))
                .extracting(refused -> refused.verdict().reason())
                .isEqualTo(reason);
    }
}
