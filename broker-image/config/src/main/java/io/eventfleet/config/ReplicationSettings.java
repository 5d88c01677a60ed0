// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.time.Duration;

/**
 * How followers fetch from leaders.
 *
 * @param fetchMaxBytes bytes of one partition that are asked for at once
 * @param responseMaxBytes bytes of all partitions of one leader that are asked for at once
 * @param fetchWaitMax how long a leader lets a follower wait when there is nothing new
 * @param backoffMax longest pause before a partition or a connection is tried again
 * @param socketTimeout time without an answer after which a connection is given up
 */
public record ReplicationSettings(
        int fetchMaxBytes, int responseMaxBytes, Duration fetchWaitMax, Duration backoffMax, Duration socketTimeout) {

    static ReplicationSettings of(SettingValues values) {
        return new ReplicationSettings(
                values.integer("replica.fetch.max.bytes"),
                values.integer("replica.fetch.response.max.bytes"),
                values.millis("replica.fetch.wait.max.ms"),
                values.millis("replica.fetch.backoff.ms"),
                values.millis("replica.socket.timeout.ms"));
    }
}
