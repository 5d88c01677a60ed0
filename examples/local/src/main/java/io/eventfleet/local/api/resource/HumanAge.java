// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Ages as {@code kubectl} writes them: {@code 45s}, {@code 3m20s}, {@code 5h}, {@code 2d3h}. */
public final class HumanAge {
    private HumanAge() {}

    static String since(JsonNode timestamp) {
        if (!timestamp.isTextual()) {
            return "<unknown>";
        }
        try {
            return of(Duration.between(Instant.parse(timestamp.asText()), Instant.now()));
        } catch (DateTimeParseException _) {
            return "<invalid>";
        }
    }

    public static String of(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        long minutes = seconds / 60;
        long hours = seconds / 3600;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        if (days < 8) {
            return two(days, "d", hours % 24, "h");
        }
        return days < 730 ? days + "d" : days / 365 + "y";
    }

    private static String two(long major, String majorUnit, long minor, String minorUnit) {
        return minor == 0 ? major + majorUnit : major + majorUnit + minor + minorUnit;
    }
}
