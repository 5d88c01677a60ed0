// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.BrokerAddresses;
import io.eventfleet.server.fetch.Fetches;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Fetch, for consumers. Followers have a transport of their own, on which both ends are known (docs/replication.md): who
 * claims to be one here is refused with INVALID_REQUEST, lest a client count as an in-sync replica.
 */
final class FetchHandler implements ApiHandler<FetchRequestData, FetchResponseData> {
    private static final int LEADER_VERSION = 12;
    private static final int ENDPOINTS_VERSION = 16;

    private final Fetches fetches;
    private final PartitionRegistry partitions;

    FetchHandler(Fetches fetches, PartitionRegistry partitions) {
        this.fetches = fetches;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public CompletionStage<FetchResponseData> handle(RequestContext context, FetchRequestData request) {
        if (request.replicaId() >= 0 || request.replicaState().replicaId() >= 0) {
            return CompletableFuture.failedFuture(
                    new InvalidRequestException("replicas fetch over connections between brokers"));
        }
        var answer = fetches.fetch(context, request);
        if (context.apiVersion() < LEADER_VERSION) {
            return answer.thenApply(FetchHandler::withoutLeaders);
        }
        return context.apiVersion() < ENDPOINTS_VERSION
                ? answer
                : answer.thenApply(response -> withLeaders(response, partitions.image(), context.listener()));
    }

    private static FetchResponseData withoutLeaders(FetchResponseData response) {
        for (var topic : response.responses()) {
            topic.partitions().forEach(partition -> partition.setCurrentLeader(new LeaderIdAndEpoch()));
        }
        return response;
    }

    /** Adds the addresses of the leaders that the answer names (KIP-951). */
    private static FetchResponseData withLeaders(FetchResponseData response, ClusterImage image, String listener) {
        for (var topic : response.responses()) {
            for (var partition : topic.partitions()) {
                int leader = partition.currentLeader().leaderId();
                if (leader >= 0 && response.nodeEndpoints().find(leader) == null) {
                    BrokerAddresses.find(image, leader, listener).ifPresent(reachable -> response.nodeEndpoints()
                            .add(new NodeEndpoint()
                                    .setNodeId(leader)
                                    .setHost(reachable.address().host())
                                    .setPort(reachable.address().port())
                                    .setRack(reachable.broker().rack())));
                }
            }
        }
        return response;
    }
}
