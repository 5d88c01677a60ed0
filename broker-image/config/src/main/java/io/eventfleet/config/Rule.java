// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a well-typed value must satisfy beyond its type. */
@FunctionalInterface
interface Rule {
    Rule ANY = value -> null;

    /** Why the value is refused, or null when it is accepted; the value already has the setting's type. */
    @Nullable
    String violation(String value);

    static Rule atLeast(long minimum) {
        return value -> Double.parseDouble(value) >= minimum ? null : "must be at least " + minimum + ", not " + value;
    }

    static Rule between(double minimum, double maximum) {
        return value -> {
            var number = Double.parseDouble(value);
            return number >= minimum && number <= maximum
                    ? null
                    : "must be between " + plain(minimum) + " and " + plain(maximum) + ", not " + value;
        };
    }

    static Rule oneOf(String... allowed) {
        var names = List.of(allowed);
        return value ->
                names.contains(value) ? null : "must be one of " + String.join(", ", names) + ", not '" + value + "'";
    }

    static Rule listOf(String... allowed) {
        var names = List.of(allowed);
        return value -> Arrays.stream(value.split(",", -1)).map(String::trim).allMatch(names::contains)
                ? null
                : "must be a comma-separated list of " + String.join(", ", names) + ", not '" + value + "'";
    }

    /** Only one behaviour exists: the value that names it is accepted, every other is refused. */
    static Rule only(String honoured) {
        return value -> value.equals(honoured)
                ? null
                : "only " + (honoured.isEmpty() ? "an empty value" : honoured) + " is supported, not '" + value + "'";
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
