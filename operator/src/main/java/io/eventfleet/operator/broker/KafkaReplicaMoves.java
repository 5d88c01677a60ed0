// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Spot;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/** {@link ReplicaMoves} over Kafka's admin client. */
@Singleton
class KafkaReplicaMoves implements ReplicaMoves {
    private final AdminConnections connections;
    private final Duration timeout;

    KafkaReplicaMoves(AdminConnections connections, OperatorSettings settings) {
        this.connections = connections;
        this.timeout = settings.group().timeout();
    }

    @Override
    public Sight look(String bootstrap) {
        try {
            var nodes = connections.to(bootstrap).describeCluster().nodes();
            return new Sight.Seen(AdminConnections.await(nodes, deadline()).stream()
                    .map(node -> new BrokerPlace(node.id(), node.rack()))
                    .toList());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return new Sight.Unavailable(reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sight.Unavailable("interrupted");
        }
    }

    @Override
    public Optional<String> begin(String bootstrap, Map<Spot, List<Integer>> targets) {
        long deadline = deadline();
        var wanted = targets.entrySet().stream()
                .collect(Collectors.toMap(
                        target -> partition(target.getKey()),
                        target -> Optional.of(new NewPartitionReassignment(target.getValue()))));
        try {
            var answers = connections
                    .to(bootstrap)
                    .alterPartitionReassignments(wanted)
                    .values();
            Optional<String> refusal = Optional.empty();
            for (var answer : answers.entrySet()) {
                try {
                    AdminConnections.await(answer.getValue(), deadline);
                } catch (ExecutionException e) {
                    refusal = Optional.of(answer.getKey() + ": " + reason(e));
                }
            }
            return refusal;
        } catch (TimeoutException | RuntimeException e) {
            return Optional.of(reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    private static TopicPartition partition(Spot spot) {
        return new TopicPartition(spot.topic(), spot.partition());
    }

    private static String reason(Exception e) {
        var cause = Objects.requireNonNullElse(e.getCause(), e);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
