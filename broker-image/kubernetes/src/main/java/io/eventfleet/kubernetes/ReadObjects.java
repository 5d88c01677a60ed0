// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.core.cluster.store.Ref;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects as they were read, so that what a write does not know of is written back unchanged. A few versions of each are
 * kept: reads, writes and watches of one object overlap, and a write must start from exactly the version that it replaces.
 * Thread-safe.
 */
final class ReadObjects {
    private static final int VERSIONS_PER_OBJECT = 4;

    private final Map<Ref, LinkedHashMap<String, ObjectNode>> versions = new HashMap<>();

    synchronized void remember(Ref ref, ObjectNode object) {
        var known = versions.computeIfAbsent(ref, first -> new LinkedHashMap<>());
        known.putLast(ObjectForms.version(object), object);
        if (known.size() > VERSIONS_PER_OBJECT) {
            known.pollFirstEntry();
        }
    }

    /** The object in this version, else in the one that was read last, else null. */
    synchronized @Nullable ObjectNode find(Ref ref, String version) {
        var known = versions.get(ref);
        if (known == null) {
            return null;
        }
        var exact = known.get(version);
        return exact != null ? exact : known.lastEntry().getValue();
    }
}
