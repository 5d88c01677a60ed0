// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.protocol.RequestContext.Caller;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.server.partition.PartitionRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * What the connections of followers share.
 *
 * @param registry what is led, and the image that says who is who
 * @param reader reads Fetch requests
 * @param reading runs what may wait for the disk
 * @param refreshInterval how often partitions at rest are counted as fetched
 * @param heard told the id of a broker with every sign of life
 * @param closed told of every connection that has ended
 */
record ServingServices(
        PartitionRegistry registry,
        RequestReader reader,
        Executor reading,
        Duration refreshInterval,
        IntConsumer heard,
        Consumer<ServedFollower> closed,
        ReplicaMetrics metrics) {

    void onClosed(ServedFollower follower) {
        closed.accept(follower);
    }

    Caller caller(String connectionId, InetSocketAddress address) {
        return new Caller(
                connectionId, address.getAddress(), KafkaPrincipal.ANONYMOUS, "internal", "eventfleet", "unknown");
    }
}
