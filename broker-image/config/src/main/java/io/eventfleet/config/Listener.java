// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A named address for clients.
 *
 * @param name the listener's name, lower-case
 * @param address where it is
 */
public record Listener(String name, HostPort address) {
    private static final Pattern TEXT = Pattern.compile("([a-z][a-z0-9-]{0,24})://(.+)");

    /** Why the text is not a list of name://host:port, or null when it is. */
    static @Nullable String violation(String text) {
        var names = new HashSet<String>();
        for (var part : text.split(",", -1)) {
            var matcher = TEXT.matcher(part.trim());
            if (!matcher.matches()) {
                return "must be name://host:port with a lower-case name, comma-separated, not '" + part.trim() + "'";
            }
            if (!names.add(matcher.group(1))) {
                return "listener '" + matcher.group(1) + "' is named twice";
            }
            var address = HostPort.violation(matcher.group(2));
            if (address != null) {
                return address;
            }
        }
        return null;
    }

    static List<Listener> parseList(String text) {
        var listeners = new ArrayList<Listener>();
        for (var part : text.split(",", -1)) {
            var matcher = TEXT.matcher(part.trim());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a listener: " + part);
            }
            listeners.add(new Listener(matcher.group(1), HostPort.parse(matcher.group(2))));
        }
        return List.copyOf(listeners);
    }

    @Override
    public String toString() {
        return name + "://" + address;
    }
}
