// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import org.jspecify.annotations.Nullable;

/** One entry of the change log; {@code before} is the version that was replaced or removed, null for a new object. */
public record Change(
        Kind kind, StoredObject object, @Nullable StoredObject before) {
    /** Named as watch events are. */
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    long resourceVersion() {
        return object.resourceVersion();
    }
}
