// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.server.api.ClusterFixture;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DescribeConfigs, AlterConfigs and IncrementalAlterConfigs. */
class ConfigAdminTest {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    private static final byte BROKER = ConfigResource.Type.BROKER.id();
    private static final byte BROKER_LOGGER = ConfigResource.Type.BROKER_LOGGER.id();

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);
    private final DescribedResources described = new DescribedResources(
            cluster, TopicAdminTest.config(Map.of("log.retention.ms", "7200000", "num.partitions", "5")), 2);
    private final TopicConfigChanges changes = new TopicConfigChanges(cluster, cluster, described);

    @BeforeEach
    void aTopic() {
        cluster.withTopic("orders", 1, Map.of("cleanup.policy", "delete", "max.message.bytes", "2000"), false);
        cluster.withTopic("__consumer_offsets", 1, Map.of("cleanup.policy", "compact"), true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void describesATopicWithSourcesAndSynonyms(int version) throws Exception {
        var result = describe(version, TOPIC, "orders", null);

        var own = entry(result, "max.message.bytes");
        var inherited = entry(result, "retention.ms");
        assertThat(own.value()).isEqualTo("2000");
        assertThat(own.configSource()).isEqualTo((byte) 1);
        assertThat(own.readOnly()).isFalse();
        assertThat(inherited.value()).isEqualTo("7200000");
        assertThat(inherited.configSource()).isEqualTo((byte) 4);
        assertThat(inherited.synonyms())
                .extracting(synonym -> synonym.name() + "=" + synonym.value())
                .startsWith("log.retention.ms=7200000");
        if (version >= 3) {
            assertThat(own.configType()).isEqualTo((byte) 3);
            assertThat(own.documentation()).contains("Largest record batch");
        }
    }

    @Test
    void describesOnlyTheKeysAskedFor() throws Exception {
        assertThat(describe(4, TOPIC, "orders", List.of("retention.ms", "no.such.key"))
                        .configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("retention.ms");
    }

    @Test
    void describesThisBrokerAndNoOther() throws Exception {
        var own = describe(4, BROKER, "2", null);
        assertThat(entry(own, "num.partitions").value()).isEqualTo("5");
        assertThat(entry(own, "num.partitions").readOnly()).isTrue();

        assertThat(Errors.forCode(describe(4, BROKER, "1", null).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(describe(4, BROKER, "x", null).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(describe(4, BROKER, "", null).configs()).isEmpty();
    }

    @Test
    void refusesWhatHasNoSettings() throws Exception {
        assertThat(Errors.forCode(describe(4, TOPIC, "missing", null).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(describe(4, TOPIC, "bad/name", null).errorCode()))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(Errors.forCode(describe(4, BROKER_LOGGER, "2", null).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(describe(4, (byte) 99, "x", null).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SET      | retention.ms   | 5       | alter orders {retention.ms=5}
            DELETE   | retention.ms   |         | alter orders {retention.ms=<default>}
            APPEND   | cleanup.policy | compact | alter orders {cleanup.policy=delete,compact}
            APPEND   | cleanup.policy | delete  | alter orders {cleanup.policy=delete}
            """)
    void altersSingleSettings(OpType operation, String key, String value, String asked) throws Exception {
        var answer = alter(TOPIC, "orders", change(operation, key, value));

        assertThat(Errors.forCode(answer.errorCode())).as(answer.errorMessage()).isEqualTo(Errors.NONE);
        assertThat(cluster.asked()).containsExactly(asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SET      | retention.ms      | abc    | INVALID_CONFIG
            SET      | retention.ms      |        | INVALID_CONFIG
            SET      | no.such.key       | 1      | INVALID_CONFIG
            APPEND   | retention.ms      | 1      | INVALID_CONFIG
            SUBTRACT | cleanup.policy    | delete | INVALID_CONFIG
            SET      | compression.type  | zstd   | INVALID_CONFIG
            """)
    void namesTheSettingThatItRefuses(OpType operation, String key, String value, Errors error) throws Exception {
        var answer = alter(TOPIC, "orders", change(operation, key, value));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
        assertThat(answer.errorMessage()).contains(key);
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesUnknownOperationsAndKeysGivenTwice() throws Exception {
        var unknown =
                alter(TOPIC, "orders", change(OpType.SET, "retention.ms", "1").setConfigOperation((byte) 9));
        var twice = alter(
                TOPIC, "orders", change(OpType.SET, "retention.ms", "1"), change(OpType.DELETE, "retention.ms", null));

        assertThat(Errors.forCode(unknown.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(twice.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(twice.errorMessage()).contains("retention.ms");
    }

    @Test
    void refusesBrokersWithTheReason() throws Exception {
        var answer = alter(BROKER, "2", change(OpType.SET, "num.io.threads", "4"));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(answer.errorMessage()).contains("num.io.threads").contains("EventCluster");
    }

    @Test
    void keepsInternalTopicsFromExpiring() throws Exception {
        var answer = alter(TOPIC, "__consumer_offsets", change(OpType.SET, "cleanup.policy", "delete"));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void replacesAllSettingsForOldClients() throws Exception {
        var resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(TOPIC)
                .setResourceName("orders");
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig()
                        .setName("retention.ms")
                        .setValue("9"));
        var request = new AlterConfigsRequestData().setValidateOnly(true);
        request.resources().add(resource);

        var response = call(new AlterConfigsHandler(changes), 2, request);

        assertThat(response.responses().getFirst().errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(cluster.asked()).containsExactly("replace orders {retention.ms=9} validateOnly");
    }

    private DescribeConfigsResult describe(int version, byte type, String name, List<String> keys) throws Exception {
        var request = new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(version >= 3)
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(keys)));
        return call(new DescribeConfigsHandler(described), version, request)
                .results()
                .getFirst();
    }

    private static DescribeConfigsResourceResult entry(DescribeConfigsResult result, String name) {
        return result.configs().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private AlterConfigsResourceResponse alter(byte type, String name, AlterableConfig... configs) throws Exception {
        var resource = new AlterConfigsResource().setResourceType(type).setResourceName(name);
        for (var config : configs) {
            resource.configs().mustAdd(config);
        }
        var request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return call(new IncrementalAlterConfigsHandler(changes), 1, request)
                .responses()
                .getFirst();
    }

    private static AlterableConfig change(OpType operation, String key, String value) {
        return new AlterableConfig()
                .setName(key)
                .setConfigOperation(operation.id())
                .setValue(value);
    }
}
