// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import io.eventfleet.core.cluster.ClusterEvent;
import java.util.List;
import java.util.Optional;

/** What the store answers. */
public sealed interface StoreEvent extends ClusterEvent {

    /** An answer to one request. */
    sealed interface Reply extends StoreEvent {
        long reqId();
    }

    /**
     * A create or put ended.
     *
     * @param resourceVersion the new one if the outcome is OK, else empty
     */
    record PutDone(long reqId, Outcome outcome, String resourceVersion) implements Reply {}

    /**
     * A read ended.
     *
     * @param answered false if the store could not be asked; then {@code doc} says nothing
     * @param doc the object, or empty if there is none
     */
    record Got(long reqId, boolean answered, Optional<Doc> doc) implements Reply {}

    /**
     * A list ended.
     *
     * @param answered false if the store could not be asked; then {@code docs} says nothing
     */
    record Listed(long reqId, boolean answered, List<Doc> docs) implements Reply {

        public Listed {
            docs = List.copyOf(docs);
        }
    }

    /** An object was seen on the watch of its kind; empty when it was deleted. */
    record Watched(Ref ref, Optional<Doc> doc) implements StoreEvent {}

    /**
     * A watch of a kind ended; open another one to go on.
     *
     * @param gone true if changes may have been missed (410, relist)
     */
    record WatchEnded(Kind kind, boolean gone) implements StoreEvent {}
}
