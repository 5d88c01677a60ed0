// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers fetches.
 *
 * @param reader reads partitions
 * @param sessions incremental sessions
 * @param maxBytes most bytes of one answer ({@code fetch.max.bytes})
 * @param blocking runs what may wait for the disk
 * @param timers ends waits
 */
public record Fetches(
        FetchReader reader, FetchSessions sessions, int maxBytes, Executor blocking, ScheduledExecutorService timers) {
    private static final byte READ_COMMITTED = 1;

    /** Wires the parts. */
    public static Fetches over(
            PartitionRegistry partitions,
            FetchSessions sessions,
            int maxBytes,
            Executor blocking,
            ScheduledExecutorService timers) {
        return new Fetches(new FetchReader(partitions), sessions, maxBytes, blocking, timers);
    }

    /** Answers one request; the context is given the buffers. */
    public CompletionStage<FetchResponseData> fetch(RequestContext context, FetchRequestData request) {
        return switch (FetchPlan.of(request, context.apiVersion(), sessions)) {
            case FetchPlan.Refused refused ->
                CompletableFuture.completedFuture(
                        new FetchResponseData().setErrorCode(ErrorCodes.code(refused.error())));
            case FetchPlan.Full full ->
                read(context, request, full.targets()).thenApply(results -> {
                    int id = full.wantsSession()
                            ? sessions.create(full.usesTopicIds(), results)
                                    .map(FetchSession::id)
                                    .orElse(0)
                            : 0;
                    return response(id, results);
                });
            case FetchPlan.Incremental incremental ->
                read(context, request, incremental.targets())
                        .thenApply(results -> response(
                                incremental.session().id(),
                                incremental.session().changed(results)));
        };
    }

    private CompletionStage<List<FetchResult>> read(
            RequestContext context, FetchRequestData request, List<FetchTarget> targets) {
        var limits = new FetchLimits(request.minBytes(), Math.min(maxBytes, request.maxBytes()), request.maxWaitMs());
        return new FetchOperation(this, context, targets, limits, request.isolationLevel() == READ_COMMITTED).run();
    }

    private static FetchResponseData response(int sessionId, Collection<FetchResult> results) {
        var byTopic = new HashMap<TopicKey, FetchableTopicResponse>();
        var topics = new ArrayList<FetchableTopicResponse>();
        for (var result : results) {
            var key = result.target().key();
            byTopic.computeIfAbsent(new TopicKey(key.topicId(), key.topic()), added -> {
                        var topic = new FetchableTopicResponse()
                                .setTopicId(key.topicId())
                                .setTopic(key.topic());
                        topics.add(topic);
                        return topic;
                    })
                    .partitions()
                    .add(result.data());
        }
        return new FetchResponseData()
                .setErrorCode(Errors.NONE.code())
                .setSessionId(sessionId)
                .setResponses(topics);
    }

    private record TopicKey(Uuid id, String name) {}
}
