// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces {@code ${NAME}} by environment variables. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Placeholders() {}

    /**
     * A value with its placeholders replaced.
     *
     * @param value the text; incomplete when there is a problem
     * @param problem what could not be replaced, null when everything was
     */
    record Expansion(String value, @Nullable String problem) {}

    static Expansion expand(String value, Map<String, String> environment) {
        var matcher = PLACEHOLDER.matcher(value);
        var expanded = new StringBuilder();
        while (matcher.find()) {
            var replacement = environment.get(matcher.group(1));
            if (replacement == null) {
                return new Expansion(value, "environment variable " + matcher.group(1) + " is not set");
            }
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(expanded);
        return new Expansion(expanded.toString(), null);
    }
}
