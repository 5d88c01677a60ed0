// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventfleet.api.contract.ShardTopic.Partition;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTopicTest {
    @Test
    void readsHeaderAndPartitions() {
        var topic = ShardTopic.parse("""
                name=payments uid=4f-1 state=OPEN partitions=2 minISR=1 born=7 c.retention.ms=60000 future=x
                0 1@3.5 1,2 =
                1 -@4.9 2,0 0 /2 ~0 born=9 unclean=3
                """);

        assertThat(topic)
                .isEqualTo(new ShardTopic(
                        "payments",
                        "4f-1",
                        ShardTopic.State.OPEN,
                        true,
                        2,
                        List.of(
                                new Partition(0, 1, List.of(1, 2), List.of(1, 2), List.of(), List.of()),
                                new Partition(
                                        1, Partition.NO_LEADER, List.of(2, 0), List.of(0), List.of(), List.of()))));
        assertThat(topic.partitions()).extracting(Partition::underReplicated).containsExactly(false, true);
    }

    @Test
    void readsEscapedValuesAndForeignHome() {
        var topic = ShardTopic.parse("name=a%20b uid=u state=TOMBSTONE home=no partitions=0 minISR=1\n0 -@0.0 - -\n");

        assertThat(topic.name()).isEqualTo("a b");
        assertThat(topic.home()).isFalse();
        assertThat(topic.partitions())
                .containsExactly(new Partition(0, Partition.NO_LEADER, List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void readsReplicasThatComeAndGo() {
        var partition = ShardTopic.parse("""
                name=a uid=u state=OPEN partitions=1 minISR=1
                0 1@3.5 1,2,3 1,2 /4 adding=3 removing=1 dropped=5:7
                """).partitions().getFirst();

        assertThat(partition.moving()).isTrue();
        assertThat(partition.adding()).containsExactly(3);
        assertThat(partition.settled()).containsExactly(2, 3);
        assertThat(partition.underReplicated()).as("3 is on its way").isFalse();
    }

    @Test
    void refusesTextOfAnotherForm() {
        assertThatIllegalArgumentException().isThrownBy(() -> ShardTopic.parse("name=x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardTopic.parse("name=x uid=u state=OPEN partitions=1\n0 1@1"));
    }
}
