// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.BrokerAddresses;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * FindCoordinator. Version 4 asks for several keys at once. The first question for a group creates the topic that groups
 * live on; until it has a leader, clients are told to ask again.
 */
final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData, FindCoordinatorResponseData> {
    private static final int FIRST_VERSION_WITH_MANY_KEYS = 4;
    private static final int NO_NODE = -1;
    private static final byte KEY_TYPE_GROUP = 0;
    private static final byte KEY_TYPE_TRANSACTION = 1;

    private final ClusterImages images;
    private final OffsetsTopic offsetsTopic;

    FindCoordinatorHandler(ClusterImages images, OffsetsTopic offsetsTopic) {
        this.images = images;
        this.offsetsTopic = offsetsTopic;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<FindCoordinatorResponseData> handle(
            RequestContext context, FindCoordinatorRequestData request) {
        boolean manyKeys = context.apiVersion() >= FIRST_VERSION_WITH_MANY_KEYS;
        var keys = manyKeys ? request.coordinatorKeys() : List.of(request.key());
        var found =
                keys.stream().map(key -> find(context, request.keyType(), key)).toList();
        return CompletableFuture.completedFuture(manyKeys ? together(found) : single(found.getFirst()));
    }

    private Coordinator find(RequestContext context, byte keyType, String key) {
        return switch (keyType) {
            case KEY_TYPE_GROUP -> findGroup(context, key);
            case KEY_TYPE_TRANSACTION ->
                missing(key, Errors.COORDINATOR_NOT_AVAILABLE, "transactions are not offered by this cluster");
            default -> missing(key, Errors.INVALID_REQUEST, "no coordinator of type " + keyType + " is offered");
        };
    }

    private Coordinator findGroup(RequestContext context, String groupId) {
        var image = images.current();
        if (image.topic(OffsetsTopic.NAME).isEmpty()) {
            offsetsTopic.ensureExists();
            return missing(groupId, Errors.COORDINATOR_NOT_AVAILABLE, OffsetsTopic.NAME + " is being created");
        }
        return OffsetsTopic.coordinatorOf(groupId, image)
                .flatMap(broker -> BrokerAddresses.find(image, broker, context.listener()))
                .map(node -> new Coordinator()
                        .setKey(groupId)
                        .setNodeId(node.broker().id())
                        .setHost(node.address().host())
                        .setPort(node.address().port()))
                .orElseGet(() -> missing(
                        groupId,
                        Errors.COORDINATOR_NOT_AVAILABLE,
                        "the partition of " + OffsetsTopic.NAME + " that this group is on has no leader"));
    }

    private static Coordinator missing(String key, Errors error, String message) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(NO_NODE)
                .setHost("")
                .setPort(NO_NODE)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static FindCoordinatorResponseData together(List<Coordinator> found) {
        return new FindCoordinatorResponseData().setCoordinators(found);
    }

    private static FindCoordinatorResponseData single(Coordinator found) {
        return new FindCoordinatorResponseData()
                .setErrorCode(found.errorCode())
                .setErrorMessage(found.errorMessage())
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port());
    }
}
