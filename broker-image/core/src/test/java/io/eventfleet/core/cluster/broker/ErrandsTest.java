// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a broker does again until it is done. */
class ErrandsTest {

    private static final UUID TOPIC = new UUID(5, 5);

    private final List<ClusterEffect> effects = new ArrayList<>();

    private int beatsUntilPurge(Errands errands) {
        effects.clear();
        for (int beat = 1; beat <= 100; beat++) {
            errands.repeat(1, effects::add);
            if (effects.contains(new NodeEffect.PurgeTopic(TOPIC))) {
                return beat;
            }
        }
        return -1;
    }

    @Test
    void triesAFailedPurgeAgainAfterEverLongerPauses() {
        var me = new NodeIdentity(
                "c",
                0,
                "pod",
                new UUID(0, 7),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null);
        var errands = new Errands(new ControllerLink(me, 0));
        errands.onInstalled(ClusterImage.empty("c"), List.of(TOPIC), List.of(), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.PurgeTopic(TOPIC));
        assertThat(beatsUntilPurge(errands)).isEqualTo(-1);

        errands.onPurgeFailed(TOPIC);
        assertThat(beatsUntilPurge(errands)).isEqualTo(2);
        errands.onPurgeFailed(TOPIC);
        assertThat(beatsUntilPurge(errands)).isEqualTo(4);

        errands.onPurged(TOPIC, 1, effects::add);
        assertThat(beatsUntilPurge(errands)).isEqualTo(-1);
    }
}
