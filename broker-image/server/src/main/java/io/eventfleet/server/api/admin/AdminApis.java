// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.server.api.ApiHandler;
import java.util.List;

/** The handlers of administrators. */
public final class AdminApis {
    private AdminApis() {}

    /**
     * Makes them.
     *
     * @param admin where changes are asked for
     * @param images what exists
     * @param config this broker's configuration
     * @param brokerId this broker
     */
    public static List<ApiHandler<?, ?>> handlers(
            ClusterAdmin admin, ClusterImages images, BrokerConfig config, int brokerId) {
        var described = new DescribedResources(images, config, brokerId);
        return List.of(
                new CreateTopicsHandler(admin, images, config),
                new DeleteTopicsHandler(admin, images, config.topicCreation().deleteEnabled()),
                new CreatePartitionsHandler(admin, images),
                new DescribeConfigsHandler(described),
                new AlterConfigsHandler(new TopicConfigChanges(admin, images, described)),
                new IncrementalAlterConfigsHandler(new TopicConfigChanges(admin, images, described)));
    }
}
