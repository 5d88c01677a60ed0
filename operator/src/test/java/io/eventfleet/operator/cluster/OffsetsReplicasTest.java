// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.operator.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetsReplicasTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | '' | 1 | 3",
                "2 | '' | 1 | 2",
                "5 | '' | 3 | -",
                "1 | '' | 1 | -",
                "2 | '' | 3 | 2",
                "3 | ', config: {offsets.topic.replication.factor: 1}' | 1 | -",
                "3 | ', config: {offsets.topic.replication.factor: 2}' | 3 | 2"
            })
    void followTheBrokersUpToTheSetting(int brokers, String config, int declared, String change) {
        var cluster = Resources.cluster("{storage: {size: 1Gi}, replicas: " + brokers + config + "}");
        cluster.setStatus(Resources.servingCluster().getStatus());
        var changed = OffsetsReplicas.change(cluster, declared);

        assertThat(changed.isPresent() ? Integer.toString(changed.getAsInt()) : "-")
                .isEqualTo(change);
    }

    @Test
    void areRaisedWhenTheBrokersServeAndLoweredAtOnce() {
        var starting = Resources.cluster("{storage: {size: 1Gi}, replicas: 3}");

        assertThat(OffsetsReplicas.change(starting, 1)).isEmpty();
        assertThat(OffsetsReplicas.change(starting, 5)).hasValue(3);
        assertThat(OffsetsReplicas.change(Resources.servingCluster(), 1)).hasValue(3);
    }

    @Test
    void areLeftToTheBrokersUntilTheResourceSaysANumber() {
        assertThat(OffsetsReplicas.change(Resources.servingCluster(), null)).isEmpty();
        assertThat(OffsetsReplicas.isFor("__consumer_offsets")).isTrue();
        assertThat(OffsetsReplicas.isFor("payments")).isFalse();
    }
}
