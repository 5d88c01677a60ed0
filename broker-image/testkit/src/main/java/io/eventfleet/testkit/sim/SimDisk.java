// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A broker's durable facts. A batch is durable when its sync has ended; a crash loses batches that were not. */
final class SimDisk {

    private final TreeMap<String, byte[]> durable = new TreeMap<>();

    /** The sync of a batch has ended. */
    void apply(SortedMap<String, byte[]> changes) {
        changes.forEach((key, value) -> {
            if (value.length == 0) {
                durable.remove(key);
            } else {
                durable.put(key, value);
            }
        });
    }

    Optional<byte[]> get(String key) {
        return Optional.ofNullable(durable.get(key));
    }

    void wipe() {
        durable.clear();
    }

    Map<String, byte[]> snapshot() {
        return new TreeMap<>(durable);
    }

    void rollBack(Map<String, byte[]> snapshot) {
        durable.clear();
        durable.putAll(snapshot);
    }
}
