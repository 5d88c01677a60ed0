// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was ever durable in the store. */
final class StoreHistory {

    private final Set<String> writes = new HashSet<>();
    private final Set<String> fenced = new HashSet<>();
    private final Set<String> unfenced = new HashSet<>();
    private final Set<String> deletedUids = new HashSet<>();
    private RegistryDoc registry = new RegistryDoc(new Fence(0, "", 0, 0, ""), new TreeMap<>());

    void onFenced(Ref ref, FencedBody body) {
        writes.add(key(ref.name(), body));
        if (body instanceof RegistryDoc next) {
            registry = next;
            for (BrokerEntry broker : next.brokers().values()) {
                var states = broker.state() == BrokerState.FENCED ? fenced : unfenced;
                states.add(broker.id() + "@" + broker.epoch());
            }
        }
    }

    void onTopic(@Nullable TopicDoc before, @Nullable TopicDoc after) {
        if (after != null && after.deleting()) {
            deletedUids.add(after.uid());
        }
    }

    /** True if exactly this content, by version and token, was applied. */
    boolean wasDurable(String name, FencedBody body) {
        return writes.contains(key(name, body));
    }

    boolean wasUnfenced(int brokerId, long epoch) {
        return unfenced.contains(brokerId + "@" + epoch);
    }

    boolean wasFenced(int brokerId, long epoch) {
        return fenced.contains(brokerId + "@" + epoch);
    }

    boolean deletionSeen(String uid) {
        return deletedUids.contains(uid);
    }

    RegistryDoc registry() {
        return registry;
    }

    private static String key(String name, FencedBody body) {
        return body.getClass().getSimpleName() + "/" + name + "/" + body.fence().version() + "/"
                + body.fence().writeToken();
    }
}
