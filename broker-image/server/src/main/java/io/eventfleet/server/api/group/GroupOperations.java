// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** What may be done with a group, in the form of the protocol. */
final class GroupOperations {
    /** Every operation that exists for groups, one bit each: there is no authorizer that could forbid one. */
    static final int ALL = Stream.of(
                    AclOperation.READ,
                    AclOperation.DELETE,
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS)
            .mapToInt(operation -> 1 << operation.code())
            .sum();

    private GroupOperations() {}
}
