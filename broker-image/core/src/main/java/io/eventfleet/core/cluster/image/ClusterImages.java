// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.image;

/** Where the rest of a broker finds the current image and hears of new ones. Thread-safe. */
public interface ClusterImages {

    /** The newest installed image. */
    ClusterImage current();

    /** Calls the listener with every new image, in order, on one thread; the first call is with the current one. */
    void subscribe(Listener listener);

    /** Hears of new images. */
    @FunctionalInterface
    interface Listener {
        void onImage(ClusterImage previous, ClusterImage current);
    }
}
