// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brokers that are a map: groups that were put in are found, and an outage can be had. */
public final class FakeBrokerAdmin implements BrokerAdmin {
    private final Map<String, GroupObservation.Found> groups = new TreeMap<>();
    private @Nullable String outage;

    /** A group is there. */
    public void put(String groupId, String state, int members, long lag) {
        var list = new ArrayList<Member>();
        for (var i = 0; i < members; i++) {
            list.add(new Member("member-" + i, "client", "/127.0.0.1", Map.of("payments", 3)));
        }
        groups.put(
                groupId,
                new GroupObservation.Found(state, 1, List.copyOf(list), Map.of("payments", new TopicLag(6, lag))));
    }

    /** Every question fails from now on; null ends the outage. */
    public void outage(@Nullable String reason) {
        outage = reason;
    }

    @Override
    public GroupObservation observeGroup(String bootstrap, String groupId) {
        if (outage != null) {
            return new GroupObservation.Unavailable(outage);
        }
        var found = groups.get(groupId);
        return found == null ? new GroupObservation.Missing() : found;
    }

    @Override
    public void forget(String bootstrap) {
        // There are no connections.
    }
}
