// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import org.apache.kafka.common.protocol.ApiKeys;

/** Versions of one API, both ends included. */
public record VersionRange(short lowest, short highest) {

    public VersionRange {
        if (lowest < 0 || highest < lowest) {
            throw new IllegalArgumentException("no version range: " + lowest + " to " + highest);
        }
    }

    /** Every stable version that the message library reads. */
    public static VersionRange allOf(ApiKeys key) {
        return new VersionRange(key.oldestVersion(), key.latestVersion(false));
    }

    /** From the oldest version that the message library reads to the given one. */
    public static VersionRange upTo(ApiKeys key, int highest) {
        return new VersionRange(key.oldestVersion(), (short) highest);
    }

    public boolean contains(short version) {
        return version >= lowest && version <= highest;
    }
}
