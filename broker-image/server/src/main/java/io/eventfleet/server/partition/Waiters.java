// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import java.util.ArrayList;
import java.util.Arrays;

/** Who waits for a led partition. Few changes, many calls; thread-safe. */
final class Waiters {
    private static final ProgressListener[] NOBODY = {};

    private volatile ProgressListener[] all = NOBODY;

    synchronized void add(ProgressListener waiter) {
        var more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = waiter;
        all = more;
    }

    synchronized void remove(ProgressListener waiter) {
        var rest = new ArrayList<>(Arrays.asList(all));
        if (rest.remove(waiter)) {
            all = rest.isEmpty() ? NOBODY : rest.toArray(NOBODY);
        }
    }

    void moved(LedReplica replica, long bytes) {
        for (var waiter : all) {
            waiter.onProgress(replica, bytes);
        }
    }

    void ended(LedReplica replica) {
        for (var waiter : all) {
            waiter.onEnded(replica);
        }
    }
}
