// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import io.eventfleet.config.DescribedSetting.Source;
import io.eventfleet.config.DescribedSetting.Synonym;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one broker process: typed, validated, immutable.
 *
 * <p>The operator writes it with {@link #toProperties()} and the broker reads it with {@link #parse}. A value comes from the environment
 * variable of its key ({@link BrokerSetting#environmentVariable()}), else from the properties, else from the default. Values may contain
 * {@code ${NAME}}, which is replaced by the environment variable of that name.
 *
 * @param endpoints where the broker listens and what it tells others about it
 * @param storage how records are kept on disk
 * @param topicCreation what a topic is like when its creator does not say
 * @param network limits of client connections and requests
 * @param groups settings of group coordination
 * @param replication how followers fetch
 * @param coordination timers of Leases, sessions and shutdown
 * @param explicit every value that is not a default
 */
public record BrokerConfig(
        EndpointSettings endpoints,
        StorageSettings storage,
        TopicCreationSettings topicCreation,
        NetworkLimits network,
        GroupSettings groups,
        ReplicationSettings replication,
        CoordinationSettings coordination,
        ExplicitValues explicit) {

    /**
     * Values that are not defaults.
     *
     * @param written as they were written, with placeholders
     * @param resolved as they are in force, placeholders replaced
     */
    public record ExplicitValues(Map<String, String> written, Map<String, String> resolved) {
        public ExplicitValues {
            written = Map.copyOf(written);
            resolved = Map.copyOf(resolved);
        }
    }

    /**
     * Reads a configuration.
     *
     * @param properties what the configuration file says
     * @param environment environment variables, for overrides and placeholders
     * @throws InvalidConfigException with every problem found
     */
    public static BrokerConfig parse(Properties properties, Map<String, String> environment) {
        var written = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(key -> written.put(key, properties.getProperty(key)));
        BrokerSettings.definitions().values().forEach(definition -> {
            var override = environment.get(definition.environmentVariable());
            if (override != null) {
                written.put(definition.key(), override);
            }
        });
        var problems = new ArrayList<ConfigProblem>();
        var resolved = new TreeMap<String, String>();
        written.forEach((key, value) -> {
            var expansion = Placeholders.expand(value, environment);
            var problem = expansion.problem() != null ? expansion.problem() : violation(key, expansion.value());
            if (problem == null) {
                resolved.put(key, expansion.value());
            } else {
                problems.add(new ConfigProblem(key, problem));
            }
        });
        var values = new SettingValues(resolved);
        if (problems.isEmpty()) {
            problems.addAll(contradictions(values));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return new BrokerConfig(
                EndpointSettings.of(values),
                StorageSettings.of(values),
                TopicCreationSettings.of(values),
                NetworkLimits.of(values),
                GroupSettings.of(values),
                ReplicationSettings.of(values),
                CoordinationSettings.of(values),
                new ExplicitValues(written, resolved));
    }

    /** Every value that is not a default, as it was written: {@code parse(toProperties(), environment)} gives an equal configuration. */
    public Properties toProperties() {
        var properties = new Properties();
        properties.putAll(explicit.written());
        return properties;
    }

    /** {@link #toProperties()} as the text of a properties file: sorted, without a date, the same for equal configurations. */
    public String toText() {
        var text = new StringBuilder();
        new TreeMap<>(explicit.written()).forEach((key, value) -> text.append(key)
                .append('=')
                .append(value.trim().replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n'));
        return text.toString();
    }

    /** Every value that is not a default, as it is in force; what {@link TopicSettings} takes as the brokers' settings. */
    public Map<String, String> values() {
        return explicit.resolved();
    }

    /** Describes every broker-level setting for DescribeConfigs. */
    public List<DescribedSetting> describe() {
        return BrokerSettings.definitions().values().stream()
                .map(this::describe)
                .toList();
    }

    private DescribedSetting describe(BrokerSetting definition) {
        var setting = definition.setting();
        var offers = new ArrayList<Synonym>();
        var value = explicit.resolved().get(setting.key());
        if (value != null) {
            offers.add(new Synonym(setting.key(), value, Source.STATIC_BROKER_CONFIG));
        }
        if (setting.defaultValue() != null || offers.isEmpty()) {
            offers.add(new Synonym(setting.key(), setting.defaultValue(), Source.DEFAULT_CONFIG));
        }
        var inForce = offers.getFirst();
        return new DescribedSetting(
                setting.key(),
                inForce.value(),
                inForce.source(),
                setting.type(),
                true,
                List.copyOf(offers),
                setting.documentation());
    }

    private static @Nullable String violation(String key, String value) {
        var general = BrokerSettings.violation(key, value);
        if (general != null) {
            return general;
        }
        return switch (key) {
            case "listeners", "advertised.listeners" -> Listener.violation(value.trim());
            case "eventfleet.internal.listener", "eventfleet.internal.advertised", "eventfleet.health.listener" ->
                HostPort.violation(value.trim());
            default -> null;
        };
    }

    private static List<ConfigProblem> contradictions(SettingValues values) {
        var problems = new ArrayList<ConfigProblem>();
        var listeners = Listener.parseList(values.text("listeners"));
        var advertised = values.optional("advertised.listeners");
        if (advertised != null) {
            var bound = new HashSet<String>();
            listeners.forEach(listener -> bound.add(listener.name()));
            var told = new HashSet<String>();
            Listener.parseList(advertised).forEach(listener -> told.add(listener.name()));
            if (!bound.equals(told)) {
                problems.add(new ConfigProblem(
                        "advertised.listeners",
                        "must name the same listeners as listeners: " + bound + ", not " + told));
            }
        }
        mustBeLess(
                values,
                problems,
                "eventfleet.controller.lease.renew.deadline.ms",
                "eventfleet.controller.lease.duration.ms");
        mustBeLess(
                values,
                problems,
                "eventfleet.controller.lease.retry.ms",
                "eventfleet.controller.lease.renew.deadline.ms");
        mustBeLess(values, problems, "eventfleet.broker.lease.renew.ms", "eventfleet.broker.lease.duration.ms");
        mustBeLess(values, problems, "eventfleet.broker.heartbeat.ms", "eventfleet.broker.session.timeout.ms");
        mustBeLess(values, problems, "replica.fetch.wait.max.ms", "replica.lag.time.max.ms");
        mustBeLess(values, problems, "replica.fetch.wait.max.ms", "replica.socket.timeout.ms");
        mustBeLess(values, problems, "group.min.session.timeout.ms", "group.max.session.timeout.ms");
        return problems;
    }

    private static void mustBeLess(SettingValues values, List<ConfigProblem> problems, String lesser, String greater) {
        if (values.number(lesser) >= values.number(greater)) {
            problems.add(new ConfigProblem(
                    lesser,
                    "must be less than " + greater + " (" + values.number(greater) + "), not "
                            + values.number(lesser)));
        }
    }
}
