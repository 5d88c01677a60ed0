// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import io.eventfleet.core.cluster.image.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A Lease: liveness and mutual exclusion, never safety. No clock value of another machine is in it on purpose; the
 * adapter writes {@code renewTime} for people to read.
 *
 * @param holder who holds it, or null when it was released
 * @param durationMs how long observers wait without a change before they may take it
 * @param transitions changes of holder, informational
 * @param renewal counts the holder's writes, so that the holder recognises each of its own renewals on the watch
 * @param internal internal address of the holder, so that brokers find the controller before they know the registry
 */
public record LeaseDoc(
        @Nullable LeaseHolder holder,
        long durationMs,
        int transitions,
        long renewal,
        @Nullable Endpoint internal) implements Body {}
