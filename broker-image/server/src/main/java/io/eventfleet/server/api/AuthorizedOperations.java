// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import org.apache.kafka.common.acl.AclOperation;

/** What a client is told that it may do, as the bit fields of the protocol. Without an authorizer: everything. */
public final class AuthorizedOperations {
    /** Said when the client did not ask. */
    public static final int NOT_ASKED = Integer.MIN_VALUE;

    public static final int ALL_ON_TOPIC = bits(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    public static final int ALL_ON_CLUSTER = bits(
            AclOperation.CREATE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE);

    public static final int ALL_ON_GROUP = bits(
            AclOperation.READ,
            AclOperation.DELETE,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    private AuthorizedOperations() {}

    private static int bits(AclOperation... operations) {
        int bits = 0;
        for (var operation : operations) {
            bits |= 1 << operation.code();
        }
        return bits;
    }
}
