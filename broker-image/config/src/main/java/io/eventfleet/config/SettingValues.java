// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Validated broker-level values with defaults filled in, read by type. */
record SettingValues(Map<String, String> explicit) {
    @Nullable
    String optional(String key) {
        var value = explicit.get(key);
        return value != null
                ? value.trim()
                : requireNonNull(BrokerSettings.definitions().get(key), key)
                        .setting()
                        .defaultValue();
    }

    String text(String key) {
        return requireNonNull(optional(key), key);
    }

    int integer(String key) {
        return Integer.parseInt(text(key));
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    Duration millis(String key) {
        return Duration.ofMillis(number(key));
    }
}
