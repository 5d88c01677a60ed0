// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.server.partition.Followers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Follows nothing: a broker of a cluster in which every partition has one replica. */
final class NoFollowers implements Followers {
    @Override
    public void follow(Followed partition) {}

    @Override
    public CompletionStage<Void> stop(TopicPartitionId id) {
        return CompletableFuture.completedFuture(null);
    }
}
