// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.server.api.ApiHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The handlers of consumer groups. */
public final class GroupApis {
    private GroupApis() {}

    /**
     * Makes them.
     *
     * @param groups the coordinator of the groups on this broker
     * @param offsetsTopic created when the first client looks for a coordinator
     * @param images what is known of topics and brokers
     * @param protocols the group protocols that are offered ({@code group.coordinator.rebalance.protocols})
     */
    public static List<ApiHandler<?, ?>> handlers(
            Groups groups, OffsetsTopic offsetsTopic, ClusterImages images, Set<String> protocols) {
        var handlers = new ArrayList<ApiHandler<?, ?>>(List.of(
                new FindCoordinatorHandler(images, offsetsTopic),
                new JoinGroupHandler(groups),
                new SyncGroupHandler(groups),
                new HeartbeatHandler(groups),
                new LeaveGroupHandler(groups),
                new OffsetCommitHandler(groups, images),
                new OffsetFetchHandler(groups, images),
                new OffsetDeleteHandler(groups, images),
                new ListGroupsHandler(groups),
                new DescribeGroupsHandler(groups),
                new DeleteGroupsHandler(groups)));
        if (protocols.contains("consumer")) {
            handlers.add(new ConsumerGroupHeartbeatHandler(groups));
            handlers.add(new ConsumerGroupDescribeHandler(groups));
        }
        return List.copyOf(handlers);
    }
}
