// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetFetch. Version 8 asks for several groups at once, version 10 names topics by id; null topics mean all that the
 * group has offsets for.
 */
final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequestData, OffsetFetchResponseData> {
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final Groups groups;
    private final ClusterImages images;

    OffsetFetchHandler(Groups groups, ClusterImages images) {
        this.groups = groups;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<OffsetFetchResponseData> handle(RequestContext context, OffsetFetchRequestData request) {
        if (context.apiVersion() < OffsetFetchVersions.FIRST_WITH_GROUPS) {
            var only = OffsetFetchVersions.onlyGroup(request);
            return fetch(context, only, request.requireStable())
                    .thenApply(answer -> OffsetFetchVersions.flat(context.apiVersion(), only, answer));
        }
        var answers = request.groups().stream()
                .map(group -> fetch(context, group, request.requireStable()))
                .toList();
        return Stages.inOrder(answers).thenApply(all -> new OffsetFetchResponseData().setGroups(all));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetch(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean byId = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        if (!byId) {
            return groups.fetchOffsets(context.toKafka(), group, requireStable);
        }
        return group.topics() == null
                ? groups.fetchOffsets(context.toKafka(), group, requireStable).thenApply(this::withIds)
                : fetchById(context, group, requireStable);
    }

    private CompletionStage<OffsetFetchResponseGroup> fetchById(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        var image = images.current();
        var known = new ArrayList<OffsetFetchRequestTopics>();
        var unknown = new ArrayList<OffsetFetchResponseTopics>();
        for (var topic : group.topics()) {
            image.openTopic(Ids.toJava(topic.topicId()))
                    .map(TopicInfo::name)
                    .ifPresentOrElse(
                            name -> known.add(topic.setName(name)),
                            () -> unknown.add(OffsetFetchVersions.withoutOffsets(topic, Errors.UNKNOWN_TOPIC_ID)));
        }
        if (known.isEmpty() && !unknown.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new OffsetFetchResponseGroup().setGroupId(group.groupId()).setTopics(unknown));
        }
        return groups.fetchOffsets(context.toKafka(), group.setTopics(known), requireStable)
                .thenApply(this::withIds)
                .thenApply(answer -> {
                    if (answer.errorCode() == Errors.NONE.code()) {
                        answer.setTopics(joined(answer.topics(), unknown));
                    }
                    return answer;
                });
    }

    /** Gives every topic its id; offsets of a topic that is gone cannot be named by id and are left out. */
    private OffsetFetchResponseGroup withIds(OffsetFetchResponseGroup answer) {
        var image = images.current();
        var named = new ArrayList<OffsetFetchResponseTopics>();
        for (var topic : answer.topics()) {
            image.topic(topic.name()).ifPresent(known -> named.add(topic.setTopicId(Ids.toKafka(known.id()))));
        }
        return answer.setTopics(named);
    }

    private static List<OffsetFetchResponseTopics> joined(
            List<OffsetFetchResponseTopics> first, List<OffsetFetchResponseTopics> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
