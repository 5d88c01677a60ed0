// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the text of a value is read; the names are those of Kafka's DescribeConfigs. */
public enum SettingType {
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    STRING,
    LIST;

    /** Why the text cannot be read as this type, or null when it can. */
    @Nullable
    String violation(String value) {
        var text = value.trim();
        return switch (this) {
            case BOOLEAN -> {
                var lower = text.toLowerCase(Locale.ROOT);
                yield lower.equals("true") || lower.equals("false")
                        ? null
                        : "must be true or false, not '" + value + "'";
            }
            case INT -> isNumber(() -> Integer.parseInt(text)) ? null : "must be a 32-bit integer, not '" + value + "'";
            case LONG -> isNumber(() -> Long.parseLong(text)) ? null : "must be a 64-bit integer, not '" + value + "'";
            case DOUBLE -> isNumber(() -> Double.parseDouble(text)) ? null : "must be a number, not '" + value + "'";
            case STRING, LIST -> null;
        };
    }

    private static boolean isNumber(java.util.function.Supplier<Number> parse) {
        try {
            return !Double.isNaN(parse.get().doubleValue());
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
