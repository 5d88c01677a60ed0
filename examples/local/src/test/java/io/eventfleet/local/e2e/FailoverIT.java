// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Brokers die or restart while an idempotent producer writes: every acknowledged record is there once, in order, on each replica. */
@ExtendWith(SharedFleet.class)
class FailoverIT {
    private static final int PARTITIONS = 3;
    private static final int SOME_RECORDS = 300;

    private final Fleet fleet;

    FailoverIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @AfterEach
    void everythingIsInSyncAgain() {
        fleet.heal();
    }

    @Test
    void survivesTheDeathOfALeader() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-leader", PARTITIONS);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            int leader = topic.leader(0);
            fleet.takeDown(leader);
            // The broker stays away: the other two go on without it.
            production.awaitMore(SOME_RECORDS);
            assertThat(topic.leader(0)).isNotEqualTo(leader);
            fleet.letUp(leader);
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        fleet.heal();
        topic.assertReplicasAreEqual();
    }

    @Test
    void survivesTheDeathOfTheController() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-controller", PARTITIONS);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            int controller = fleet.controller();
            fleet.takeDown(controller);
            production.awaitMore(SOME_RECORDS);
            fleet.eventually(() -> assertThat(fleet.controller()).isNotIn(controller, -1));
            fleet.letUp(controller);
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        fleet.heal();
        topic.assertReplicasAreEqual();
    }

    @Test
    void survivesTheDeathOfTheControllerAndAnotherLeaderAtOnce() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-both", PARTITIONS);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            int controller = fleet.controller();
            int leader = IntStream.range(0, fleet.brokers())
                    .filter(broker -> broker != controller)
                    .findFirst()
                    .orElseThrow();
            fleet.killBroker(controller);
            fleet.killBroker(leader);
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        fleet.heal();
        topic.assertReplicasAreEqual();
    }

    @Test
    void survivesTheDeathOfAllBrokersAtOnce() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-all", PARTITIONS);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            for (int broker = 0; broker < fleet.brokers(); broker++) {
                fleet.killBroker(broker);
            }
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        fleet.heal();
        topic.assertReplicasAreEqual();
    }

    @Test
    void rollsThroughAllBrokersWithoutAnErrorForClients() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-rolling", PARTITIONS);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            for (int broker = 0; broker < fleet.brokers(); broker++) {
                fleet.restart(broker);
                fleet.heal();
                production.awaitMore(SOME_RECORDS);
            }
        }

        production.assertNothingLostOrTwice();
        topic.assertReplicasAreEqual();
    }

    @Test
    void aGroupKeepsItsOffsetsWhenItsCoordinatorDies() throws Exception {
        Replicated topic = Replicated.create(fleet, "failover-group", 1);
        TopicPartition partition = new TopicPartition(topic.name(), 0);
        fleet.clients().produce(topic.name(), 0, Map.of(), List.of("1", "2", "3"));
        try (Admin admin = fleet.clients().admin()) {
            String group = "failover-group";
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(2)))
                    .all()
                    .get();
            int coordinator = coordinator(admin, group);
            fleet.takeDown(coordinator);

            fleet.eventually(() -> {
                assertThat(coordinator(admin, group)).isNotEqualTo(coordinator);
                assertThat(committed(admin, group, partition)).isEqualTo(2);
            });
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(3)))
                    .all()
                    .get();
            fleet.letUp(coordinator);
            fleet.heal();
            assertThat(committed(admin, group, partition)).isEqualTo(3);
        }
    }

    @Test
    void librdkafkaWritesThroughAFailover() throws Exception {
        OtherClients.KCAT.require();
        Replicated topic = Replicated.create(fleet, "failover-kcat", 1);
        List<String> numbers =
                IntStream.range(0, 2 * SOME_RECORDS).mapToObj(Integer::toString).toList();
        Process kcat = new ProcessBuilder(
                        "kcat",
                        "-P",
                        "-b",
                        fleet.bootstrap(),
                        "-t",
                        topic.name(),
                        "-p",
                        "0",
                        "-X",
                        "enable.idempotence=true",
                        "-X",
                        "acks=all")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var input = kcat.outputWriter()) {
            for (String number : numbers.subList(0, SOME_RECORDS)) {
                input.write(number + "\n");
            }
            input.flush();
            fleet.eventually(
                    () -> assertThat(fleet.clients().values(topic.name(), 1)).isNotEmpty());
            fleet.killBroker(topic.leader(0));
            for (String number : numbers.subList(SOME_RECORDS, numbers.size())) {
                input.write(number + "\n");
            }
        }
        assertThat(kcat.onExit().get(90, TimeUnit.SECONDS).exitValue()).isZero();

        assertThat(fleet.clients().values(topic.name(), 1)).containsExactlyElementsOf(numbers);
        assertThat(OtherClients.KCAT.consume(fleet.bootstrap(), topic.name(), numbers.size()))
                .containsExactlyElementsOf(numbers);
    }

    private static int coordinator(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .get(group)
                .coordinator()
                .id();
    }

    private static long committed(Admin admin, String group, TopicPartition partition) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition)
                .offset();
    }
}
