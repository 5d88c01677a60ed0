// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShardTextTest {

    private static final UUID ID = new UUID(1, 2);

    private static TopicLines topic() {
        var first = new PartitionLine(
                0, 1, 3, 5, List.of(1, 2), List.of(1, 2), List.of(), List.of(), ReplicaMoves.NONE, 7, -1, List.of());
        var second = new PartitionLine(
                1,
                -1,
                4,
                9,
                List.of(2, 1),
                List.of(),
                List.of(2),
                List.of(1),
                new ReplicaMoves(List.of(2), List.of(1), new TreeMap<>(Map.of(4, 8, 3, 7))),
                9,
                3,
                List.of("x=later"));
        return new TopicLines(
                ID,
                "pay ments%",
                "uid-1",
                TopicState.TOMBSTONE,
                true,
                2,
                1,
                2,
                60_000,
                86_400_000,
                new TreeMap<>(Map.of("cleanup.policy", "compact, delete")),
                List.of(first, second),
                new TreeMap<>(Map.of("future", "field")));
    }

    @Test
    void readsWhatItWrote() {
        assertThat(ShardText.parse(ID, ShardText.encode(topic()))).isEqualTo(topic());
    }

    @Test
    void isReadable() {
        assertThat(ShardText.encode(topic()).split("\n"))
                .containsExactly(
                        "name=pay%20ments%25 uid=uid-1 state=TOMBSTONE partitions=2 minISR=1 rf=2 born=7 grace=60000"
                                + " graceTotal=86400000 c.cleanup.policy=compact,%20delete future=field",
                        "0 1@3.5 1,2 =",
                        "1 -@4.9 2,1 - /2 ~1 born=9 unclean=3 adding=2 removing=1 dropped=3:7,4:8 x=later");
    }

    @Test
    void readsWhatAnOlderVersionWrote() {
        var topic = ShardText.parse(ID, "name=a uid=b state=OPEN partitions=1 minISR=1\n0 1@3.5 1,2 =");

        assertThat(topic.replicationFactor()).isZero();
        assertThat(topic.lines()).singleElement().satisfies(line -> {
            assertThat(line.moves()).isEqualTo(ReplicaMoves.NONE);
            assertThat(line.isr()).containsExactly(1, 2);
        });
    }

    @Test
    void refusesWhatIsNoTopic() {
        assertThatThrownBy(() -> ShardText.parse(ID, "hello")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ShardText.parse(ID, "name=a uid=b state=OPEN partitions=1 minISR=1\n0 1@1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        ShardText.parse(ID, "name=a uid=b state=OPEN partitions=1 minISR=1\n0 1@1.1 1 1 dropped=3"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheBrokerLineItWrote() {
        var listeners = new TreeMap<>(Map.of("plain", new Endpoint("b-1.example", 9092)));
        var broker = new BrokerEntry(
                1,
                12,
                BrokerEntry.NEVER_UNFENCED,
                new UUID(3, 4),
                "pod-1",
                List.of(new UUID(5, 6)),
                null,
                BrokerState.FENCED,
                new Endpoint("b-1", 9093),
                listeners,
                "zone a",
                new TreeMap<>(Map.of("new", "1")));

        assertThat(BrokerText.parse(1, BrokerText.encode(broker))).isEqualTo(broker);
    }
}
