// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified clients of three languages write to and read from the same topics. */
@ExtendWith(SharedFleet.class)
class ClientsIT {
    private static final int RECORDS = 500;
    private static final int PARTITIONS = 3;

    private final Fleet fleet;

    ClientsIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyClientReadsWhatEveryClientWrote(String codec) throws Exception {
        List<OtherClients> others = Arrays.stream(OtherClients.values())
                .filter(client -> client.has(codec))
                .toList();
        others.forEach(OtherClients::require);
        String topic = "clients-" + codec;
        fleet.clients().createTopic(topic, PARTITIONS);

        List<String> written = new ArrayList<>(values("java"));
        fleet.clients().produce(topic, 0, Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec), List.copyOf(written));
        for (OtherClients other : others) {
            List<String> values = values(other.name());
            other.produce(fleet.bootstrap(), topic, codec, values);
            written.addAll(values);
        }

        assertThat(fleet.clients().values(topic, PARTITIONS)).containsExactlyInAnyOrderElementsOf(written);
        for (OtherClients other : others) {
            assertThat(other.consume(fleet.bootstrap(), topic, written.size()))
                    .as("read by %s", other)
                    .containsExactlyInAnyOrderElementsOf(written);
        }
    }

    private static List<String> values(String writer) {
        return IntStream.range(0, RECORDS)
                .mapToObj(number -> writer + "-" + number)
                .toList();
    }
}
