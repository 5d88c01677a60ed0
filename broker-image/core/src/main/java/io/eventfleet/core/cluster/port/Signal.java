// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.LeaseHolder;
import org.jspecify.annotations.Nullable;

/** What the cluster cores of one node tell each other. Never leaves the node. */
public sealed interface Signal extends ClusterEvent, ClusterEffect {

    /**
     * This process holds the controller Lease: a term may begin.
     *
     * @param deceased the holder from whom it was taken because its process is gone, or null if it was taken otherwise
     */
    record Elected(@Nullable LeaseHolder deceased) implements Signal {}

    /** Renewals of the controller Lease do (not) get through. */
    record LeaseInDoubt(boolean inDoubt) implements Signal {}

    /** Another process holds the controller Lease: proof that the role is over. */
    record Deposed() implements Signal {}

    /** Who holds the controller Lease now. */
    record ControllerSeen(LeaseHolder holder, Endpoint address) implements Signal {}

    /** A message hints at a newer controller than the Lease showed when it was read last. */
    record ControllerHinted() implements Signal {}

    /**
     * The controller gave up its term.
     *
     * @param release true if somebody else should take over, false if this process should begin a new term
     */
    record Resigned(boolean release) implements Signal {}

    /** The process ends: release the controller Lease if it is held. */
    record ReleaseRequested() implements Signal {}

    /** The controller Lease is not, or no longer, held by this process. */
    record Released() implements Signal {}
}
