// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.server.api.ClusterFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified admin client against the handlers of administrators. */
class TopicAdministrationIT {
    @TempDir
    Path data;

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    private OneBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        broker = new OneBroker(
                data,
                new OneBroker.Surroundings(
                        1, cluster, cluster, port -> cluster.advertise(1, new Endpoint("127.0.0.1", port))),
                Map.of("num.partitions", "3"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void createsDescribesAndDeletesTopics() throws Exception {
        var created = admin.createTopics(
                List.of(new NewTopic("orders", 2, (short) 1).configs(Map.of("retention.ms", "60000"))));

        assertThat(answer(created.numPartitions("orders"))).isEqualTo(2);
        assertThat(answer(created.config("orders")).get("retention.ms").value()).isEqualTo("60000");
        assertThat(answer(admin.describeTopics(List.of("orders")).allTopicNames())
                        .get("orders")
                        .partitions())
                .hasSize(2);
        assertThatThrownBy(() -> answer(admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                        .all()))
                .hasCauseInstanceOf(TopicExistsException.class);

        answer(admin.deleteTopics(List.of("orders")).all());
        assertThat(answer(admin.listTopics().names())).doesNotContain("orders");
    }

    @Test
    void validatesWithoutCreating() throws Exception {
        var validated = admin.createTopics(
                List.of(new NewTopic("orders", Optional.empty(), Optional.empty())),
                new CreateTopicsOptions().validateOnly(true));

        assertThat(answer(validated.numPartitions("orders"))).isEqualTo(3);
        assertThat(answer(admin.listTopics().names())).isEmpty();
    }

    @Test
    void describesAndAltersSettings() throws Exception {
        cluster.withTopic("orders", 1);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        var own = new ConfigResource(ConfigResource.Type.BROKER, "1");

        var described = answer(admin.describeConfigs(List.of(topic, own)).all());
        answer(admin.incrementalAlterConfigs(Map.of(topic, List.of(set("retention.ms", "1000"))))
                .all());

        assertThat(described.get(topic).get("cleanup.policy").source())
                .isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        assertThat(described.get(topic).get("cleanup.policy").type()).isEqualTo(ConfigEntry.ConfigType.LIST);
        assertThat(described.get(own).get("num.partitions").source())
                .isEqualTo(ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(cluster.asked()).containsExactly("alter orders {retention.ms=1000}");
        assertThatThrownBy(
                        () -> answer(admin.incrementalAlterConfigs(Map.of(topic, List.of(set("retention.ms", "soon"))))
                                .all()))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("retention.ms");
    }

    @Test
    void growsTopics() throws Exception {
        cluster.withTopic("orders", 1);

        answer(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3)))
                .all());

        assertThat(cluster.asked()).containsExactly("grow orders 3");
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    private static <T> T answer(KafkaFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
