// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.store.FencedBody;

/**
 * A command on one stored object. Commands are queued, not computed states: {@link #apply} runs on the last durable
 * state, again after every conflict, so it must tolerate finding its own effect.
 */
interface Change<B extends FencedBody> {

    /** The content after the command; the fence is set by the writer. */
    B apply(B current);

    /** The content that {@code apply} returned last is durable. Runs once. */
    default void durable(B now) {}
}
