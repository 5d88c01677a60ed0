// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import io.eventfleet.core.cluster.ClusterEffect;

/**
 * Requests to the store. Every request but {@link Watch} gets exactly one event with its reqId, at the latest when its
 * timeout is over. The adapter retries nothing on its own.
 */
public sealed interface StoreEffect extends ClusterEffect {

    /** Reads one object, linearizably (resourceVersion unset). Answered by {@link StoreEvent.Got}. */
    record Get(long reqId, Ref ref, long timeoutMs) implements StoreEffect {}

    /** Reads all objects of a kind of this cluster, linearizably. Answered by {@link StoreEvent.Listed}. */
    record ListAll(long reqId, Kind kind, long timeoutMs) implements StoreEffect {}

    /** Creates an object. Answered by {@link StoreEvent.PutDone}. */
    record Create(long reqId, Ref ref, Body body, long timeoutMs) implements StoreEffect {}

    /** Replaces an object if it still has this resourceVersion. Answered by {@link StoreEvent.PutDone}. */
    record Put(long reqId, Ref ref, String expectedVersion, Body body, long timeoutMs) implements StoreEffect {}

    /**
     * Lists and then watches all objects of a kind, until {@link StoreEvent.WatchEnded}. Changes arrive as
     * {@link StoreEvent.Watched} in the order of the store, the objects found by the list first. All Leases come over
     * one watch: the echo rule needs their order.
     */
    record Watch(Kind kind) implements StoreEffect {}

    /** Ends the watch of a kind, if one is open. A new {@link Watch} of the same kind replaces the one before. */
    record Unwatch(Kind kind) implements StoreEffect {}
}
