// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.config.DescribedSetting.Source;
import io.eventfleet.config.DescribedSetting.Synonym;
import io.eventfleet.config.TopicSetting.Support;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {
    @Test
    void noTopicSettingOfKafkaIsForgotten() {
        var known = new TreeSet<String>();
        Arrays.stream(TopicConfig.class.getFields())
                .filter(field -> field.getName().endsWith("_CONFIG"))
                .forEach(field -> known.add(read(field)));

        assertThat(TopicSettings.definitions().keySet()).containsAll(known);
    }

    @Test
    void everyDefaultIsAcceptedByItsOwnRule() {
        assertThat(TopicSettings.definitions().values()).allSatisfy(definition -> {
            var value = definition.setting().defaultValue();
            assertThat(value).isNotNull();
            assertThat(definition.setting().violation(value))
                    .as(definition.key())
                    .isNull();
        });
    }

    @Test
    void everySynonymIsABrokerSettingWithTheSameDefault() {
        assertThat(TopicSettings.definitions().values()).allSatisfy(definition -> {
            for (var synonym : definition.brokerSynonyms()) {
                var broker = BrokerSettings.definitions().get(synonym.key());
                assertThat(broker).as(synonym.key()).isNotNull();
                var value = broker.setting().defaultValue();
                if (value != null) {
                    assertThat(synonym.toTopicValue(value))
                            .as(synonym.key())
                            .isEqualTo(definition.setting().defaultValue());
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms, -2",
        "retention.ms, a week",
        "cleanup.policy, drop",
        "message.timestamp.type, Never",
        "min.insync.replicas, 0",
        "min.cleanable.dirty.ratio, 1.5",
        "compression.type, gzip",
        "remote.storage.enable, true",
        "flush.messages, 1",
        "unclean.leader.election.enable, true",
        "max.message.bytes, 3000000000",
        "no.such.key, 1"
    })
    void valuesThatAreNotHonouredAreRefusedByName(String key, String value) {
        assertThat(TopicSettings.validate(Map.of(key, value))).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.reason()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, 'compact,delete'",
        "retention.ms, -1",
        "compression.type, producer",
        "remote.storage.enable, false",
        "segment.bytes, 52428800"
    })
    void valuesThatAreHonouredOrHarmlessAreAccepted(String key, String value) {
        assertThat(TopicSettings.validate(Map.of(key, value))).isEmpty();
    }

    @Test
    void settingsWithoutEffectSayThatTheyHaveNone() {
        assertThat(TopicSettings.definitions().values())
                .filteredOn(definition -> definition.support() == Support.WITHOUT_EFFECT)
                .isNotEmpty()
                .allSatisfy(definition ->
                        assertThat(definition.setting().documentation()).contains("no effect"));
    }

    @Test
    void topicWinsOverBrokerAndMillisecondsOverHours() {
        var brokers = Map.of("log.retention.hours", "1", "message.max.bytes", "2000");

        assertThat(TopicSettings.effective(Map.of(), brokers).retentionMs()).isEqualTo(3_600_000);
        assertThat(TopicSettings.effective(Map.of(), Map.of("log.retention.hours", "1", "log.retention.ms", "5"))
                        .retentionMs())
                .isEqualTo(5);
        assertThat(TopicSettings.effective(Map.of(), Map.of("log.retention.hours", "-1"))
                        .retentionMs())
                .isEqualTo(-1);
        var policy = TopicSettings.effective(Map.of("retention.ms", "9", "cleanup.policy", "compact, delete"), brokers);
        assertThat(policy.retentionMs()).isEqualTo(9);
        assertThat(policy.maxMessageBytes()).isEqualTo(2000);
        assertThat(policy.compacts() && policy.deletes()).isTrue();
    }

    @Test
    void defaultsAreKafkas() {
        var policy = TopicSettings.effective(Map.of(), Map.of());

        assertThat(policy.retentionMs()).isEqualTo(604_800_000L);
        assertThat(policy.retentionBytes()).isEqualTo(-1);
        assertThat(policy.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(policy.minInsyncReplicas()).isEqualTo(1);
        assertThat(policy.logAppendTime()).isFalse();
        assertThat(policy.messageTimestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(policy.messageTimestampAfterMaxMs()).isEqualTo(3_600_000L);
        assertThat(policy.deletes()).isTrue();
        assertThat(policy.compacts()).isFalse();
    }

    @Test
    void describesSourceAndSynonyms() {
        var described = TopicSettings.describe(Map.of("retention.ms", "9"), Map.of("log.retention.hours", "1"));

        assertThat(described.stream().filter(one -> one.name().equals("retention.ms")))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.value()).isEqualTo("9");
                    assertThat(one.source()).isEqualTo(Source.DYNAMIC_TOPIC_CONFIG);
                    assertThat(one.synonyms())
                            .isEqualTo(List.of(
                                    new Synonym("retention.ms", "9", Source.DYNAMIC_TOPIC_CONFIG),
                                    new Synonym("log.retention.hours", "3600000", Source.STATIC_BROKER_CONFIG),
                                    new Synonym("log.retention.ms", "604800000", Source.DEFAULT_CONFIG)));
                });
    }

    private static String read(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
