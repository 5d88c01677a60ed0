// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the holder of the controller Lease is elected, and when not. */
class ElectorCoreTest {

    private static final ClusterSettings.Leases LEASES = ClusterSettings.DEFAULT.leases();

    private final List<ClusterEffect> effects = new ArrayList<>();
    private ElectorCore elector;
    private long now;

    @BeforeEach
    void anElectedController() {
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
        elector = new ElectorCore(me, null, LEASES, new RequestIds(1), dead -> 0);
        step(new NodeEvent.Started());
        step(new StoreEvent.Got(((StoreEffect.Get) last(StoreEffect.Get.class)).reqId(), true, Optional.empty()));
        step(new StoreEvent.PutDone(((StoreEffect.Create) last(StoreEffect.Create.class)).reqId(), Outcome.OK, "1"));
        assertThat(effects).contains(new Signal.Elected(null));
        effects.clear();
    }

    private void step(ClusterEvent event) {
        elector.step(now, event, effects::add);
    }

    private void written(String version) {
        step(new StoreEvent.PutDone(((StoreEffect.Put) last(StoreEffect.Put.class)).reqId(), Outcome.OK, version));
    }

    private ClusterEffect last(Class<? extends ClusterEffect> type) {
        return effects.stream().filter(type::isInstance).reduce((a, b) -> b).orElseThrow();
    }

    @Test
    void isNotElectedAgainWhileItGivesTheLeaseUp() {
        now += LEASES.controllerRenewal().toNanos();
        step(new NodeEvent.Tick());

        step(new Signal.Resigned(true));
        written("2");
        written("3");

        assertThat(effects).doesNotContain(new Signal.Elected(null));
    }

    @Test
    void isElectedAgainASecondAfterItResignedWithoutRelease() {
        step(new Signal.Resigned(false));
        assertThat(effects).doesNotContain(new Signal.Elected(null));

        now += LEASES.controllerRenewal().toNanos();
        step(new NodeEvent.Tick());

        assertThat(effects).contains(new Signal.Elected(null));
    }
}
