// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.log.TopicPartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A controller that remembers what it was asked, and answers as it was told. */
public final class FakeReplicaAdmin implements ReplicaAdmin {
    private final List<String> asked = new ArrayList<>();
    private final Map<Integer, Outcome> outcomes = new HashMap<>();
    private @Nullable RuntimeException failure;

    /** Every change that was asked for, in words; partitions without their topic. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** What becomes of changes of partitions of this index; the others succeed. */
    public void answer(int partition, KafkaError error, String message) {
        outcomes.put(partition, new Outcome(error, message));
    }

    /** No answer comes from now on. */
    public void fail(RuntimeException cause) {
        failure = cause;
    }

    @Override
    public CompletionStage<Map<TopicPartitionId, Outcome>> reassign(
            Map<TopicPartitionId, List<Integer>> targets, Duration limit) {
        var words = new TreeMap<Integer, List<Integer>>();
        targets.forEach((id, replicas) -> words.put(id.partition(), replicas));
        asked.add("reassign " + words);
        return answers(targets.keySet());
    }

    @Override
    public CompletionStage<Map<TopicPartitionId, Outcome>> elect(
            Election election, Set<TopicPartitionId> partitions, Duration limit) {
        asked.add("elect " + election + " "
                + partitions.stream().map(TopicPartitionId::partition).sorted().toList());
        return answers(partitions);
    }

    private CompletionStage<Map<TopicPartitionId, Outcome>> answers(Set<TopicPartitionId> partitions) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        var answers = new HashMap<TopicPartitionId, Outcome>();
        partitions.forEach(
                id -> answers.put(id, outcomes.getOrDefault(id.partition(), new Outcome(KafkaError.NONE, ""))));
        return CompletableFuture.completedFuture(answers);
    }
}
