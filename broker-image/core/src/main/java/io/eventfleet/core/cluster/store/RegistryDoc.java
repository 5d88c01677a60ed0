// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import io.eventfleet.core.cluster.BrokerEntry;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The broker registry. Stored as one text line per broker, see {@link io.eventfleet.core.cluster.BrokerText}. */
public record RegistryDoc(Fence fence, SortedMap<Integer, BrokerEntry> brokers) implements FencedBody {

    public RegistryDoc {
        brokers = Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
    }

    @Override
    public RegistryDoc withFence(Fence newFence) {
        return new RegistryDoc(newFence, brokers);
    }

    /** The entry of a broker, if it ever registered. */
    public Optional<BrokerEntry> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    /** With one entry added or replaced. */
    public RegistryDoc with(BrokerEntry entry) {
        var next = new TreeMap<>(brokers);
        next.put(entry.id(), entry);
        return new RegistryDoc(fence, next);
    }
}
