// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.server.api.ApiHandler;
import java.util.List;

/** The handlers of administrators. */
public final class AdminApis {
    private AdminApis() {}

    /**
     * Whom they ask.
     *
     * @param admin where changes of topics are asked for
     * @param replicas where changes of replicas and leaders are asked for
     * @param images what exists
     */
    public record Ports(ClusterAdmin admin, ReplicaAdmin replicas, ClusterImages images) {}

    /**
     * Makes them.
     *
     * @param ports whom they ask
     * @param config this broker's configuration
     * @param brokerId this broker
     */
    public static List<ApiHandler<?, ?>> handlers(Ports ports, BrokerConfig config, int brokerId) {
        var admin = ports.admin();
        var images = ports.images();
        var described = new DescribedResources(images, config, brokerId);
        return List.of(
                new CreateTopicsHandler(admin, images, config),
                new DeleteTopicsHandler(admin, images, config.topicCreation().deleteEnabled()),
                new CreatePartitionsHandler(admin, images),
                new AlterPartitionReassignmentsHandler(ports.replicas(), admin, images),
                new ListPartitionReassignmentsHandler(images),
                new ElectLeadersHandler(ports.replicas(), images),
                new DescribeConfigsHandler(described),
                new AlterConfigsHandler(new TopicConfigChanges(admin, images, described)),
                new IncrementalAlterConfigsHandler(new TopicConfigChanges(admin, images, described)));
    }
}
