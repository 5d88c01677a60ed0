// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Spot;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ReplicaMoves} over Kafka's admin client. */
@Singleton
class KafkaReplicaMoves implements ReplicaMoves {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReplicaMoves.class);

    private final AdminConnections connections;
    private final Duration timeout;

    KafkaReplicaMoves(AdminConnections connections, OperatorSettings settings) {
        this.connections = connections;
        this.timeout = settings.group().timeout();
    }

    @Override
    public Sight look(String bootstrap) {
        long deadline = deadline();
        try {
            var admin = connections.to(bootstrap);
            var nodes = admin.describeCluster().nodes();
            var reassignments = admin.listPartitionReassignments().reassignments();
            var serving = AdminConnections.await(nodes, deadline).stream()
                    .map(node -> new BrokerPlace(node.id(), node.rack()))
                    .toList();
            var moving = new HashMap<Spot, List<Integer>>();
            AdminConnections.await(reassignments, deadline)
                    .forEach((partition, move) -> moving.put(spot(partition), target(move)));
            return new Sight.Seen(serving, moving);
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

    @Override
    public void electPreferred(String bootstrap, Set<Spot> partitions) {
        try {
            AdminConnections.await(
                    connections
                            .to(bootstrap)
                            .electLeaders(
                                    ElectionType.PREFERRED,
                                    partitions.stream()
                                            .map(KafkaReplicaMoves::partition)
                                            .collect(Collectors.toSet()))
                            .partitions(),
                    deadline());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atInfo().addKeyValue("bootstrap", bootstrap).setCause(e).log("preferred leaders not elected");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    private static List<Integer> target(PartitionReassignment move) {
        return move.replicas().stream()
                .filter(id -> !move.removingReplicas().contains(id))
                .toList();
    }

    private static Spot spot(TopicPartition partition) {
        return new Spot(partition.topic(), partition.partition());
    }

    private static TopicPartition partition(Spot spot) {
        return new TopicPartition(spot.topic(), spot.partition());
    }

    private static String reason(Exception e) {
        var cause = Objects.requireNonNullElse(e.getCause(), e);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
