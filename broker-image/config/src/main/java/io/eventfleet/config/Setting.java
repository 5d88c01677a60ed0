// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import org.jspecify.annotations.Nullable;

/**
 * The definition of one configuration key.
 *
 * @param key Kafka's name where Kafka has the thing, else a name that starts with {@code eventfleet.}
 * @param type how the text is read
 * @param defaultValue the value when the key is absent; null when the setting is then undefined
 * @param rule what a value must satisfy
 * @param documentation one or two sentences with the unit, shown by DescribeConfigs
 */
public record Setting(
        String key, SettingType type, @Nullable String defaultValue, Rule rule, String documentation) {

    /** Why the value is refused, or null when it is accepted. */
    public @Nullable String violation(String value) {
        var badType = type.violation(value);
        return badType != null ? badType : rule.violation(value.trim());
    }
}
