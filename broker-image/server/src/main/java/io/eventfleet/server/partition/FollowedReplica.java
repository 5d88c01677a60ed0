// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.PartitionLog;

/**
 * A partition that this broker copies.
 *
 * @param log the copy
 * @param rules the topic's settings in force
 */
public record FollowedReplica(PartitionLog log, TopicRules rules) {

    static FollowedReplica of(PartitionLog log, TopicRules rules) {
        log.declareRetention(rules.retention());
        return new FollowedReplica(log, rules);
    }

    FollowedReplica under(TopicRules newer) {
        return newer.equals(rules) ? this : of(log, newer);
    }
}
