// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import io.eventfleet.server.api.BrokerAddresses;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata: topics by name, by id (since version 10), or all. In version 0 an empty list means all; from version 1 null
 * does and an empty list means none. Unknown topics are created when the broker and the client allow it.
 */
final class MetadataHandler implements ApiHandler<MetadataRequestData, MetadataResponseData> {
    private static final int NULL_NAME_VERSION = 12;
    private static final int CLUSTER_OPERATIONS_FROM = 8;
    private static final int CLUSTER_OPERATIONS_TO = 10;
    private static final int MISSING_LISTENER_SHOWN_VERSION = 6;

    private final ClusterImages images;
    private final TopicAutoCreation autoCreation;

    MetadataHandler(ClusterImages images, TopicAutoCreation autoCreation) {
        this.images = images;
        this.autoCreation = autoCreation;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<MetadataResponseData> handle(RequestContext context, MetadataRequestData request) {
        var image = images.current();
        var version = context.apiVersion();
        var response = new MetadataResponseData()
                .setClusterId(image.clusterId())
                .setControllerId(controller(image, context.listener()));
        for (var reachable : BrokerAddresses.of(image, context.listener())) {
            response.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(reachable.broker().id())
                            .setHost(reachable.address().host())
                            .setPort(reachable.address().port())
                            .setRack(reachable.broker().rack()));
        }
        if (isForAll(request, version)) {
            image.topicsByName().values().stream()
                    .sorted(Comparator.comparing(TopicInfo::name))
                    .forEach(topic -> response.topics().add(describe(topic, image, context, request)));
        } else {
            for (var topic : request.topics()) {
                response.topics().add(find(topic, image, context, request));
            }
        }
        if (request.includeClusterAuthorizedOperations()
                && version >= CLUSTER_OPERATIONS_FROM
                && version <= CLUSTER_OPERATIONS_TO) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ALL_ON_CLUSTER);
        }
        return CompletableFuture.completedFuture(response);
    }

    private static boolean isForAll(MetadataRequestData request, short version) {
        List<MetadataRequestTopic> topics = request.topics();
        return topics == null || (version == 0 && topics.isEmpty());
    }

    /** The acting controller, or else some broker: clients send there what any broker can do. */
    private static int controller(ClusterImage image, String listener) {
        return BrokerAddresses.find(image, image.controllerId(), listener)
                .or(() -> BrokerAddresses.of(image, listener).stream().findFirst())
                .map(reachable -> reachable.broker().id())
                .orElse(PartitionInfo.NO_LEADER);
    }

    private MetadataResponseTopic find(
            MetadataRequestTopic wanted, ClusterImage image, RequestContext context, MetadataRequestData request) {
        var byId = !wanted.topicId().equals(Uuid.ZERO_UUID);
        Optional<TopicInfo> topic =
                byId ? image.openTopic(Ids.toJava(wanted.topicId())) : image.topic(nameOrEmpty(wanted.name()));
        if (topic.isPresent()) {
            return describe(topic.get(), image, context, request);
        }
        if (byId) {
            return missing(context, wanted.topicId(), null, KafkaError.UNKNOWN_TOPIC_ID);
        }
        var name = nameOrEmpty(wanted.name());
        var error = autoCreation.onMissing(name, request.allowAutoTopicCreation());
        return missing(context, Uuid.ZERO_UUID, name, error);
    }

    private static String nameOrEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }

    private static MetadataResponseTopic missing(
            RequestContext context, Uuid id, @Nullable String name, KafkaError error) {
        var shownName = name == null && context.apiVersion() < NULL_NAME_VERSION ? "" : name;
        return new MetadataResponseTopic()
                .setErrorCode(ErrorCodes.code(error))
                .setTopicId(id)
                .setName(shownName)
                .setTopicAuthorizedOperations(AuthorizedOperations.NOT_ASKED);
    }

    private static MetadataResponseTopic describe(
            TopicInfo topic, ClusterImage image, RequestContext context, MetadataRequestData request) {
        var answer = new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(Ids.toKafka(topic.id()))
                .setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(
                        request.includeTopicAuthorizedOperations()
                                ? AuthorizedOperations.ALL_ON_TOPIC
                                : AuthorizedOperations.NOT_ASKED);
        for (var partition : topic.partitions()) {
            answer.partitions().add(describe(partition, image, context));
        }
        return answer;
    }

    private static MetadataResponsePartition describe(
            PartitionInfo partition, ClusterImage image, RequestContext context) {
        var offline = BrokerAddresses.unusable(image, partition.replicas(), context.listener());
        var answer = new MetadataResponsePartition()
                .setPartitionIndex(partition.partition())
                .setReplicaNodes(partition.replicas())
                .setIsrNodes(partition.isr())
                .setLeaderEpoch(partition.leaderEpoch())
                .setOfflineReplicas(offline);
        if (context.apiVersion() == 0) {
            answer.setReplicaNodes(without(partition.replicas(), offline))
                    .setIsrNodes(without(partition.isr(), offline));
        }
        if (BrokerAddresses.find(image, partition.leader(), context.listener()).isPresent()) {
            var error = context.apiVersion() == 0 && !offline.isEmpty() ? Errors.REPLICA_NOT_AVAILABLE : Errors.NONE;
            return answer.setLeaderId(partition.leader()).setErrorCode(error.code());
        }
        // A leader without an address on this listener is as good as none; old versions have no better word.
        var error = context.apiVersion() < MISSING_LISTENER_SHOWN_VERSION || !isUp(image, partition.leader())
                ? KafkaError.LEADER_NOT_AVAILABLE
                : KafkaError.LISTENER_NOT_FOUND;
        return answer.setLeaderId(PartitionInfo.NO_LEADER).setErrorCode(ErrorCodes.code(error));
    }

    /** Version 0 has no field for replicas that are offline: they are left out, with an error that says so. */
    private static List<Integer> without(List<Integer> replicas, List<Integer> offline) {
        return replicas.stream().filter(replica -> !offline.contains(replica)).toList();
    }

    private static boolean isUp(ClusterImage image, int brokerId) {
        var broker = image.brokers().get(brokerId);
        return broker != null
                && (broker.state() == BrokerState.UNFENCED || broker.state() == BrokerState.SHUTTING_DOWN);
    }
}
