// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.LedPartition;

/** Hears of leaderships of this broker, so that coordinators can live on them. Must not block. */
public interface LeadershipListener {

    /** The partition is open for appends under the handle's epoch. */
    void onLed(String topicName, LedPartition partition);

    /** The leadership is over; appends under it are refused soon. */
    void onEnded(String topicName, LedPartition partition);
}
