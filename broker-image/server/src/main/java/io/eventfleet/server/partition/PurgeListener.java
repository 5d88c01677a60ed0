// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import java.util.UUID;

/** Hears that this broker has no data of a purged topic any more. */
@FunctionalInterface
public interface PurgeListener {
    void onPurged(UUID topicId);
}
