// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting as DescribeConfigs shows it.
 *
 * @param name the key
 * @param value the value in force; null when there is none
 * @param source where that value comes from
 * @param type how the text is read
 * @param readOnly true when a Kafka admin client cannot change it
 * @param synonyms every place that offers a value, in order of precedence; the first one is in force
 * @param documentation what the setting does
 */
public record DescribedSetting(
        String name,
        @Nullable String value,
        Source source,
        SettingType type,
        boolean readOnly,
        List<Synonym> synonyms,
        String documentation) {

    /** Where a value comes from; the names are Kafka's. */
    public enum Source {
        DYNAMIC_TOPIC_CONFIG,
        STATIC_BROKER_CONFIG,
        DEFAULT_CONFIG
    }

    /**
     * One place that offers a value for the setting.
     *
     * @param name the key at that place
     * @param value the value there
     * @param source the kind of place
     */
    public record Synonym(String name, @Nullable String value, Source source) {}
}
