// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event.Replica;
import io.eventfleet.local.torture.history.Key;
import io.eventfleet.local.torture.workload.ReplicaReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * A topic with three replicas, of which two must have a record before it is acknowledged.
 *
 * @param name its name; values are numbers
 */
record Replicated(Fleet fleet, String name, int partitions) {
    private static final short REPLICAS = 3;
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    static Replicated create(Fleet fleet, String name, int partitions) throws Exception {
        fleet.clients()
                .createTopic(new NewTopic(name, partitions, REPLICAS).configs(Map.of("min.insync.replicas", "2")));
        return new Replicated(fleet, name, partitions);
    }

    Production produce() {
        return Production.start(fleet, name, partitions);
    }

    int leader(int partition) throws Exception {
        return fleet.clients().leader(name, partition).id();
    }

    Set<Integer> inSync(int partition) throws Exception {
        return ids(fleet.clients().describe(name, partition).isr());
    }

    /** The brokers with a replica that do not lead. */
    List<Integer> followers(int partition) throws Exception {
        TopicPartitionInfo info = fleet.clients().describe(name, partition);
        return info.replicas().stream()
                .map(Node::id)
                .filter(broker -> broker != info.leader().id())
                .toList();
    }

    /** Reads every partition from each of its replicas and checks that they hold the same records with the same epochs. */
    void assertReplicasAreEqual() throws Exception {
        List<Key> keys = IntStream.range(0, partitions)
                .mapToObj(partition -> new Key(name, partition))
                .toList();
        Map<Key, List<Replica>> replicas = new ReplicaReader(fleet.bootstrap(), READ_LIMIT)
                .read(keys).stream().collect(Collectors.groupingBy(Replica::key));
        assertThat(replicas).hasSize(partitions);
        replicas.forEach((key, all) -> {
            List<Entry> first = all.getFirst().entries();
            assertThat(first).as("%s", key).isNotEmpty();
            assertThat(all).as("%s", key).hasSize(REPLICAS).allSatisfy(replica -> assertThat(replica.entries())
                    .as("broker %d", replica.broker())
                    .isEqualTo(first));
        });
    }

    private static Set<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toSet());
    }
}
