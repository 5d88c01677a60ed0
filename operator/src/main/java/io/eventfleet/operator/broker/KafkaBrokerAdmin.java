// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import static java.util.Objects.requireNonNull;

import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Found;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Missing;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Unavailable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link BrokerAdmin} over Kafka's admin client. */
@Singleton
class KafkaBrokerAdmin implements BrokerAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBrokerAdmin.class);

    private final AdminConnections connections;
    private final Duration timeout;

    KafkaBrokerAdmin(AdminConnections connections, OperatorSettings settings) {
        this.connections = connections;
        this.timeout = settings.group().timeout();
    }

    @Override
    public GroupObservation observeGroup(String bootstrap, String groupId) {
        var deadline = System.nanoTime() + timeout.toNanos();
        try {
            var admin = connections.to(bootstrap);
            var description = AdminConnections.await(
                    admin.describeConsumerGroups(List.of(groupId))
                            .all()
                            .thenApply(all -> requireNonNull(all.get(groupId))),
                    deadline);
            if (description.groupState() == GroupState.DEAD) {
                return new Missing();
            }
            return found(description, lags(admin, groupId, deadline));
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return cause instanceof GroupIdNotFoundException ? new Missing() : unavailable(bootstrap, cause);
        } catch (TimeoutException e) {
            return new Unavailable("no answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable("interrupted");
        } catch (RuntimeException e) {
            return unavailable(bootstrap, e);
        }
    }

    @Override
    public void forget(String bootstrap) {
        connections.forget(bootstrap);
    }

    private static Unavailable unavailable(String bootstrap, Throwable cause) {
        LOG.atDebug().addKeyValue("bootstrap", bootstrap).setCause(cause).log("brokers do not answer");
        return new Unavailable(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }

    private static Found found(ConsumerGroupDescription description, Map<String, TopicLag> lags) {
        var coordinator = description.coordinator();
        return new Found(
                description.groupState().toString(),
                coordinator == null || coordinator.isEmpty() ? null : coordinator.id(),
                description.members().stream().map(KafkaBrokerAdmin::member).toList(),
                lags);
    }

    private static Member member(MemberDescription member) {
        var partitions = member.assignment().topicPartitions().stream()
                .collect(Collectors.groupingBy(TopicPartition::topic, TreeMap::new, Collectors.summingInt(one -> 1)));
        return new Member(member.consumerId(), member.clientId(), member.host(), partitions);
    }

    private static Map<String, TopicLag> lags(Admin admin, String groupId, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        var committed = new TreeMap<String, Map<TopicPartition, OffsetAndMetadata>>();
        AdminConnections.await(admin.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata(), deadline)
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed
                                .computeIfAbsent(partition.topic(), topic -> new ConcurrentHashMap<>())
                                .put(partition, offset);
                    }
                });
        var lags = new TreeMap<String, TopicLag>();
        for (var topic : committed.entrySet()) {
            var wanted = topic.getValue().keySet().stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            var ends = admin.listOffsets(wanted);
            var records = 0L;
            for (var partition : topic.getValue().entrySet()) {
                var end = AdminConnections.await(ends.partitionResult(partition.getKey()), deadline)
                        .offset();
                records += Math.max(0, end - partition.getValue().offset());
            }
            lags.put(topic.getKey(), new TopicLag(topic.getValue().size(), records));
        }
        return lags;
    }
}
