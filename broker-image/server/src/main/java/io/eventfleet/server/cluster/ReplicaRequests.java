// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.log.TopicPartitionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Administrators' way to the controller: requests go into the cluster core as events, outcomes come back as effects. */
final class ReplicaRequests implements ReplicaAdmin {
    private final Consumer<NodeEvent> post;
    private final AtomicLong lastRequestId = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<TopicPartitionId, Outcome>>> waiting = new ConcurrentHashMap<>();

    /** @param post gives an event to the cluster core */
    ReplicaRequests(Consumer<NodeEvent> post) {
        this.post = post;
    }

    @Override
    public CompletionStage<Map<TopicPartitionId, Outcome>> reassign(
            Map<TopicPartitionId, List<Integer>> targets, Duration limit) {
        var wanted = targets.entrySet().stream()
                .map(target -> new ReplicaTarget(target.getKey(), target.getValue()))
                .toList();
        return ask(wanted.size(), limit, requestId -> new NodeEvent.ReassignmentWanted(requestId, wanted));
    }

    @Override
    public CompletionStage<Map<TopicPartitionId, Outcome>> elect(
            Election election, Set<TopicPartitionId> partitions, Duration limit) {
        var wanted = List.copyOf(partitions);
        return ask(wanted.size(), limit, requestId -> new NodeEvent.ElectionWanted(requestId, election, wanted));
    }

    private CompletionStage<Map<TopicPartitionId, Outcome>> ask(
            int partitions, Duration limit, LongFunction<NodeEvent> event) {
        if (partitions == 0) {
            return CompletableFuture.completedStage(Map.of());
        }
        long requestId = lastRequestId.incrementAndGet();
        var outcomes = new CompletableFuture<Map<TopicPartitionId, Outcome>>();
        waiting.put(requestId, outcomes);
        post.accept(event.apply(requestId));
        return outcomes.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, failure) -> {
            waiting.remove(requestId);
            if (failure != null) {
                post.accept(new NodeEvent.ReplicaChangeAbandoned(requestId));
            }
        });
    }

    void onDone(NodeEffect.ReplicaChangeDone done) {
        var outcomes = waiting.get(done.requestId());
        if (outcomes != null) {
            var byPartition = new HashMap<TopicPartitionId, Outcome>();
            done.outcomes()
                    .forEach(outcome -> byPartition.put(outcome.id(), new Outcome(outcome.error(), outcome.message())));
            outcomes.complete(Map.copyOf(byPartition));
        }
    }
}
