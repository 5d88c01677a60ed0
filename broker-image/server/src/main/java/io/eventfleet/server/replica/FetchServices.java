// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.config.ReplicationSettings;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.server.cluster.transport.ReplicationConnector;
import java.util.function.IntConsumer;

/**
 * What the pipelines share.
 *
 * @param brokerId this broker
 * @param connector opens connections
 * @param images where leaders are, and under which epoch this broker serves
 * @param heard told the id of a broker with every sign of life
 */
record FetchServices(
        int brokerId,
        ReplicationSettings settings,
        ReplicationConnector connector,
        ClusterImages images,
        IntConsumer heard,
        ReplicaMetrics metrics) {}
