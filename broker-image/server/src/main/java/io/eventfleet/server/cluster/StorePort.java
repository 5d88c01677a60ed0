// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.function.Consumer;

/** The metadata store as an adapter offers it. Implementations never block and retry nothing on their own. */
@FunctionalInterface
public interface StorePort {

    /** Begins a request; its event goes to the sink that the adapter was opened with. */
    void carryOut(StoreEffect effect);

    /** Opens an adapter. */
    @FunctionalInterface
    interface Factory {

        /**
         * @param sink takes events from any thread
         */
        StorePort open(Consumer<StoreEvent> sink);
    }
}
