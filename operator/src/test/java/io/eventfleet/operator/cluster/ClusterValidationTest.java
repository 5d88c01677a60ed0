// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.operator.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterValidationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{storage: {size: 1Gi}}",
                "{storage: {size: 1Gi}, replicas: 3, config: {log.retention.hours: 168, num.partitions: '3'}}",
                "{storage: {size: 1Gi}, listeners: [{name: a, port: 9092}, {name: b, port: 9094}]}",
                "{storage: {size: 1Gi}, resources: {limits: {memory: 256Mi, cpu: '1'}}}"
            })
    void soundClustersPass(String spec) {
        assertThat(ClusterValidation.refusal(Resources.cluster(spec))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{replicas: 3} | InvalidSpec | spec.storage.size is missing",
                "{storage: {size: much}} | InvalidSpec | spec.storage.size is not a quantity: much",
                "{storage: {size: 1Gi}, resources: {limits: {memory: 64Mi}}} | InvalidSpec | spec.resources.limits.memory must be at least 192Mi",
                "{storage: {size: 1Gi}, resources: {requests: {cpu: x}}} | InvalidSpec | spec.resources.requests.cpu is not a quantity: x",
                "{storage: {size: 1Gi}, listeners: [{name: a, port: 9093}]} | InvalidSpec | spec.listeners: port 9093 is taken",
                "{storage: {size: 1Gi}, listeners: [{name: health, port: 9092}]} | InvalidSpec | spec.listeners: the name 'health' is taken",
                "{storage: {size: 1Gi}, config: {no.such.key: 1}} | InvalidConfig | spec.config: no.such.key: unknown or unsupported broker setting",
                "{storage: {size: 1Gi}, config: {num.partitions: none}} | InvalidConfig | spec.config: num.partitions: must be a 32-bit integer, not 'none'",
                "{storage: {size: 1Gi}, config: {listeners: 'x://h:1'}} | InvalidConfig | spec.config: listeners: is derived from other fields of the cluster and cannot be set here",
                "{storage: {size: 1Gi}, topicDefaults: {partitions: 3}, config: {num.partitions: 4}} | InvalidConfig | spec.config: num.partitions: is given by topicDefaults already",
                "{storage: {size: 1Gi}, config: {eventfleet.broker.heartbeat.ms: 6000}} | InvalidConfig | spec.config: eventfleet.broker.heartbeat.ms: must be less than eventfleet.broker.session.timeout.ms (6000), not 6000",
                "{storage: {size: 1Gi}, replicas: 2, topicDefaults: {replicationFactor: 3}} | InvalidSpec | topics have 3 replicas unless they say otherwise, and only 2 brokers are declared",
                "{storage: {size: 1Gi}, config: {default.replication.factor: 2}} | InvalidSpec | topics have 2 replicas unless they say otherwise, and only 1 broker is declared",
                "{storage: {size: 1Gi}, config: {default.replication.factor: many}} | InvalidConfig | spec.config: default.replication.factor: must be a 32-bit integer, not 'many'",
                "{storage: {size: 1Gi}, config: {broker.rack: a}} | InvalidConfig | spec.config: broker.rack: is derived from other fields of the cluster and cannot be set here"
            })
    void unsoundClustersAreRefusedWithReason(String spec, Reason reason, String message) {
        assertThat(ClusterValidation.refusal(Resources.cluster(spec))).hasValueSatisfying(verdict -> {
            assertThat(verdict.reason()).isEqualTo(reason);
            assertThat(verdict.message()).isEqualTo(message);
        });
    }

    @Test
    void namesThatDoNotFitIntoPodNamesAreRefused() {
        var cluster = Resources.cluster("{storage: {size: 1Gi}}");
        cluster.getMetadata().setName("o".repeat(41));

        assertThat(ClusterValidation.refusal(cluster)).isPresent();
    }
}
