// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import org.jspecify.annotations.Nullable;

/**
 * A host and a TCP port.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 0 to 65535; 0 lets the operating system choose
 */
public record HostPort(String host, int port) {
    static final int MAX_PORT = 65_535;

    /** Why the text is not host:port, or null when it is. */
    static @Nullable String violation(String text) {
        var colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            return "must be host:port, not '" + text + "'";
        }
        try {
            var port = Integer.parseInt(text.substring(colon + 1));
            return port >= 0 && port <= MAX_PORT ? null : "port must be between 0 and " + MAX_PORT + ", not " + port;
        } catch (NumberFormatException e) {
            return "port must be a number in '" + text + "'";
        }
    }

    /**
     * Reads host:port.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static HostPort parse(String text) {
        var violation = violation(text);
        if (violation != null) {
            throw new IllegalArgumentException(violation);
        }
        var colon = text.lastIndexOf(':');
        var host = text.substring(0, colon);
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return new HostPort(bare, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
