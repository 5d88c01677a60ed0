// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import io.eventfleet.config.DescribedSetting.Source;
import io.eventfleet.config.DescribedSetting.Synonym;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every topic configuration key: which values are accepted, what is in force for a topic, and how it is described.
 * Pure functions over immutable tables; any thread may call them. Operator, controller and request handlers share them, so
 * that a value is refused with the same words wherever it enters.
 */
public final class TopicSettings {
    private static final Map<String, TopicSetting> DEFINITIONS = index();

    private TopicSettings() {}

    /** The definitions by key, in documentation order. */
    public static Map<String, TopicSetting> definitions() {
        return DEFINITIONS;
    }

    /**
     * Checks explicit topic settings.
     *
     * @param topicConfig explicit settings of the topic, by topic-level key
     * @return what is wrong, sorted by key; empty when everything is accepted
     */
    public static List<ConfigProblem> validate(Map<String, String> topicConfig) {
        var problems = new ArrayList<ConfigProblem>();
        new TreeMap<>(topicConfig).forEach((key, value) -> {
            var reason = violation(key, value);
            if (reason != null) {
                problems.add(new ConfigProblem(key, reason));
            }
        });
        return problems;
    }

    private static @Nullable String violation(String key, String value) {
        var definition = DEFINITIONS.get(key);
        return definition == null
                ? "unknown topic setting"
                : definition.setting().violation(value);
    }

    /**
     * The settings in force for a topic: its own, else the brokers' defaults, else Kafka's defaults. A setting of its own that
     * {@link #validate} finds a problem with does not count.
     *
     * @param topicConfig explicit settings of the topic
     * @param brokerSettings explicit broker-level settings ({@link BrokerConfig#values()})
     */
    public static TopicPolicy effective(Map<String, String> topicConfig, Map<String, String> brokerSettings) {
        var values = new LinkedHashMap<String, String>();
        var usable = new LinkedHashMap<>(topicConfig);
        validate(topicConfig).forEach(problem -> usable.remove(problem.key()));
        DEFINITIONS.forEach((key, definition) -> {
            var inForce = offers(definition, usable, brokerSettings).getFirst().value();
            if (inForce != null) {
                values.put(key, inForce.trim());
            }
        });
        return new TopicPolicy(values);
    }

    /**
     * Describes every topic setting for DescribeConfigs.
     *
     * @param topicConfig explicit settings of the topic
     * @param brokerSettings explicit broker-level settings ({@link BrokerConfig#values()})
     */
    public static List<DescribedSetting> describe(Map<String, String> topicConfig, Map<String, String> brokerSettings) {
        return DEFINITIONS.values().stream()
                .map(definition -> {
                    var offers = offers(definition, topicConfig, brokerSettings);
                    var inForce = offers.getFirst();
                    var setting = definition.setting();
                    return new DescribedSetting(
                            setting.key(),
                            inForce.value(),
                            inForce.source(),
                            setting.type(),
                            false,
                            offers,
                            setting.documentation());
                })
                .toList();
    }

    private static List<Synonym> offers(
            TopicSetting definition, Map<String, String> topicConfig, Map<String, String> brokerSettings) {
        var offers = new ArrayList<Synonym>();
        var own = topicConfig.get(definition.key());
        if (own != null) {
            offers.add(new Synonym(definition.key(), own, Source.DYNAMIC_TOPIC_CONFIG));
        }
        for (var synonym : definition.brokerSynonyms()) {
            var value = brokerSettings.get(synonym.key());
            if (value != null) {
                offers.add(new Synonym(synonym.key(), synonym.toTopicValue(value.trim()), Source.STATIC_BROKER_CONFIG));
            }
        }
        offers.add(new Synonym(defaultName(definition), definition.setting().defaultValue(), Source.DEFAULT_CONFIG));
        return List.copyOf(offers);
    }

    private static String defaultName(TopicSetting definition) {
        return definition.brokerSynonyms().isEmpty()
                ? definition.key()
                : definition.brokerSynonyms().getFirst().key();
    }

    private static Map<String, TopicSetting> index() {
        var byKey = new LinkedHashMap<String, TopicSetting>();
        TopicSettingCatalogue.all().forEach(definition -> byKey.put(definition.key(), definition));
        return Collections.unmodifiableMap(byKey);
    }
}
