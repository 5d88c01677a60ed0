// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.replication.IsrGateway;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What a cluster node does for the rest of its broker. Thread-safe. */
public interface NodeServices {

    /** What this broker knows of its cluster. */
    ClusterImages images();

    /**
     * A block of producer ids from the controller, given to nobody else ever.
     *
     * @param limit how long to wait while there is no controller; then the stage fails with TimeoutException
     */
    CompletionStage<ProducerIdBlock> allocateProducerIds(Duration limit);

    /** Asks the controller to create an internal topic unless it exists; the image shows it when it does. */
    void wantInternalTopic(String topicName);

    /** Where leaders of this broker propose other in-sync replicas. */
    IsrGateway isrGateway();

    /** Moves replicas and leaderships, through the acting controller. */
    ReplicaAdmin replicaAdmin();
}
