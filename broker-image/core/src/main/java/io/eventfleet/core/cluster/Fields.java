// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The text form of named fields: {@code key=value} separated by single blanks. In values, blank, percent sign and
 * control characters are written as {@code %XX}; everything else is readable as it is.
 */
final class Fields {

    private final SortedMap<String, String> rest = new TreeMap<>();

    private Fields() {}

    static Fields parse(String text) {
        var fields = new Fields();
        for (String token : text.split(" ")) {
            int equals = token.indexOf('=');
            if (equals > 0) {
                fields.rest.put(token.substring(0, equals), decode(token.substring(equals + 1)));
            } else if (!token.isEmpty()) {
                throw new IllegalArgumentException("not key=value: " + token);
            }
        }
        return fields;
    }

    String take(String key) {
        String value = rest.remove(key);
        if (value == null) {
            throw new IllegalArgumentException("field is missing: " + key);
        }
        return value;
    }

    String take(String key, String whenAbsent) {
        String value = rest.remove(key);
        return value == null ? whenAbsent : value;
    }

    /** Takes every field whose name begins with the prefix, without the prefix. */
    SortedMap<String, String> takePrefixed(String prefix) {
        var taken = new TreeMap<String, String>();
        rest.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                taken.put(key.substring(prefix.length()), value);
            }
        });
        taken.keySet().forEach(key -> rest.remove(prefix + key));
        return taken;
    }

    /** What nobody has taken: fields of a newer version. */
    SortedMap<String, String> rest() {
        return rest;
    }

    static StringBuilder append(StringBuilder out, String key, Object value) {
        if (!out.isEmpty()) {
            out.append(' ');
        }
        return out.append(key).append('=').append(encode(value.toString()));
    }

    static String encode(String value) {
        var out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '%' || c == 0x7F) {
                out.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xF, 16));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        var out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' && i + 2 < value.length()) {
                out.append((char) Integer.parseInt(value, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
