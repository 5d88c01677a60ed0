// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.protocol.VersionTable;
import io.eventfleet.server.api.ApiHandler;
import java.util.List;
import java.util.function.Supplier;

/** The handlers of this package. */
public final class MetadataApis {
    private MetadataApis() {}

    /**
     * @param versions every implemented API, known once all handlers are
     * @param autoCreate {@code auto.create.topics.enable}
     */
    public static List<ApiHandler<?, ?>> handlers(
            Supplier<VersionTable> versions, ClusterImages images, ClusterAdmin admin, boolean autoCreate) {
        return List.of(
                new ApiVersionsHandler(versions),
                new MetadataHandler(images, new TopicAutoCreation(admin, autoCreate)),
                new DescribeClusterHandler(images),
                new DescribeTopicPartitionsHandler(images));
    }
}
