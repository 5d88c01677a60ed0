// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import io.eventfleet.server.api.BrokerAddresses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeCluster, for brokers; there are no separate controllers to describe. */
final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequestData, DescribeClusterResponseData> {
    private static final byte BROKERS = 1;
    private static final int FENCED_VERSION = 2;

    private final ClusterImages images;

    DescribeClusterHandler(ClusterImages images) {
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<DescribeClusterResponseData> handle(
            RequestContext context, DescribeClusterRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private DescribeClusterResponseData answer(RequestContext context, DescribeClusterRequestData request) {
        if (context.apiVersion() >= 1 && request.endpointType() != BROKERS) {
            return new DescribeClusterResponseData()
                    .setErrorCode(ErrorCodes.code(KafkaError.MISMATCHED_ENDPOINT_TYPE))
                    .setErrorMessage("this is a broker");
        }
        var image = images.current();
        var response = new DescribeClusterResponseData()
                .setClusterId(image.clusterId())
                .setControllerId(image.controllerId());
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ALL_ON_CLUSTER);
        }
        for (var reachable : BrokerAddresses.of(image, context.listener())) {
            response.brokers()
                    .add(new DescribeClusterBroker()
                            .setBrokerId(reachable.broker().id())
                            .setHost(reachable.address().host())
                            .setPort(reachable.address().port())
                            .setRack(reachable.broker().rack()));
        }
        if (context.apiVersion() >= FENCED_VERSION && request.includeFencedBrokers()) {
            image.brokers().values().stream()
                    .filter(broker -> broker.state() == BrokerState.FENCED)
                    .forEach(broker -> {
                        var address = broker.listeners().get(context.listener());
                        response.brokers()
                                .add(new DescribeClusterBroker()
                                        .setBrokerId(broker.id())
                                        .setHost(address == null ? "" : address.host())
                                        .setPort(address == null ? -1 : address.port())
                                        .setRack(broker.rack())
                                        .setIsFenced(true));
                    });
        }
        return response;
    }
}
