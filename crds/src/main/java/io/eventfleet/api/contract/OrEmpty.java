// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Immutable copies of collections that may be absent in a document; maps are sorted, so that documents are stable. */
public final class OrEmpty {
    private OrEmpty() {}

    /** The elements, none when the list is absent. */
    public static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** The entries sorted by key, none when the map is absent. */
    public static <V> Map<String, V> map(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
