// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventfleet.config.DescribedSetting.Source;
import io.eventfleet.config.StorageSettings.Durability;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerConfigTest {
    private static final Map<String, String> POD = Map.of("POD_NAME", "orders-broker-2", "POD_NAMESPACE", "shop");

    @Test
    void everySettingHasADefaultThatItsOwnRuleAccepts() {
        assertThat(BrokerSettings.definitions().values()).allSatisfy(definition -> {
            var value = definition.setting().defaultValue();
            assertThat(value == null ? null : definition.setting().violation(value))
                    .as(definition.key())
                    .isNull();
        });
        assertThat(BrokerConfig.parse(new Properties(), Map.of()).storage().durability())
                .isEqualTo(Durability.SYNCED);
    }

    @Test
    void placeholdersAreReplacedByTheEnvironment() {
        var config = parse(Map.of(
                "listeners", "plain://0.0.0.0:9092,inner://[::1]:9094",
                "advertised.listeners", "plain://${POD_NAME}.orders-brokers.${POD_NAMESPACE}.svc:9092,inner://h:1"));

        assertThat(config.endpoints().listeners())
                .containsExactly(
                        new Listener("plain", new HostPort("0.0.0.0", 9092)),
                        new Listener("inner", new HostPort("::1", 9094)));
        assertThat(config.endpoints().advertised().getFirst().toString())
                .isEqualTo("plain://orders-broker-2.orders-brokers.shop.svc:9092");
    }

    @Test
    void environmentOverridesProperties() {
        var properties = properties(Map.of("listeners", "plain://0.0.0.0:9092", "eventfleet.internal.listener", "h:1"));

        var config = BrokerConfig.parse(
                properties,
                Map.of(
                        "EVENTFLEET_LISTENERS", "plain://127.0.0.1:19092",
                        "EVENTFLEET_INTERNAL_LISTENER", "127.0.0.1:19093",
                        "EVENTFLEET_GROUP_MAX_SIZE", "7",
                        "EVENTFLEET_CLUSTER", "not a key"));

        assertThat(config.endpoints().listeners().getFirst().address()).isEqualTo(new HostPort("127.0.0.1", 19092));
        assertThat(config.endpoints().internalAdvertised()).isEqualTo(new HostPort("127.0.0.1", 19093));
        assertThat(config.groups().coordinatorSettings()).containsEntry("group.max.size", "7");
    }

    @Test
    void everyProblemIsReportedWithItsKey() {
        var failure = catchThrowableOfType(
                InvalidConfigException.class,
                () -> parse(Map.of(
                        "num.partitions", "0",
                        "message.max.bytes", "many",
                        "no.such.key", "1",
                        "listeners", "PLAIN://h",
                        "broker.rack", "${ZONE}")));

        assertThat(failure.problems())
                .extracting(ConfigProblem::key)
                .containsExactly("broker.rack", "listeners", "message.max.bytes", "no.such.key", "num.partitions");
        assertThat(failure).hasMessageContaining("broker.rack: environment variable ZONE is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "advertised.listeners, other://h:1",
        "eventfleet.controller.lease.duration.ms, 5000",
        "eventfleet.broker.heartbeat.ms, 6000",
        "group.min.session.timeout.ms, 1800000"
    })
    void settingsThatContradictEachOtherAreRefused(String key, String value) {
        var failure = catchThrowableOfType(InvalidConfigException.class, () -> parse(Map.of(key, value)));

        assertThat(failure.problems()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"plain://h", "plain://h:99999", "plain://h:x", "://h:1", "'a://h:1,a://h:2'", "''"})
    void malformedListenersAreRefused(String listeners) {
        var failure = catchThrowableOfType(InvalidConfigException.class, () -> parse(Map.of("listeners", listeners)));

        assertThat(failure.problems()).extracting(ConfigProblem::key).containsExactly("listeners");
    }

    @Test
    void whatIsWrittenIsReadBackEqual() throws IOException {
        var config = parse(Map.of(
                "advertised.listeners", "plain://${POD_NAME}.x:9092",
                "broker.rack", "a\\b",
                "log.retention.hours", "5"));

        var read = new Properties();
        read.load(new StringReader(config.toText()));

        assertThat(read).isEqualTo(config.toProperties());
        assertThat(BrokerConfig.parse(read, POD)).isEqualTo(config);
        assertThat(config.toText()).contains("${POD_NAME}").doesNotContain("#");
    }

    @Test
    void describesWhereAValueComesFrom() {
        var described = parse(Map.of("num.partitions", "4")).describe();

        assertThat(described).hasSize(BrokerSettings.definitions().size());
        assertThat(described.stream().filter(one -> one.name().equals("num.partitions")))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.value()).isEqualTo("4");
                    assertThat(one.source()).isEqualTo(Source.STATIC_BROKER_CONFIG);
                    assertThat(one.synonyms())
                            .extracting(DescribedSetting.Synonym::value)
                            .isEqualTo(List.of("4", "1"));
                });
    }

    @Test
    void usersMayNotSetWhatFollowsFromTheDeclaration() {
        assertThat(BrokerSettings.validateUserSettings(
                        Map.of("listeners", "plain://h:1", "log.segment.bytes", "1", "num.partitions", "3")))
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "listeners: is derived from other fields of the cluster and cannot be set here",
                        "log.segment.bytes: not supported: there are no segment files");
    }

    @Test
    void storageShardsFollowTheCoresUnlessTheyAreGiven() {
        var derived = BrokerConfig.parse(new Properties(), Map.of()).storage();

        assertThat(List.of(derived.shardsFor(1), derived.shardsFor(2), derived.shardsFor(9)))
                .isEqualTo(List.of(1, 1, 4));
        assertThat(parse(Map.of("eventfleet.storage.shards", "3")).storage().shardsFor(16))
                .isEqualTo(3);
    }

    private static BrokerConfig parse(Map<String, String> values) {
        return BrokerConfig.parse(properties(values), POD);
    }

    private static Properties properties(Map<String, String> values) {
        var properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
