// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.KafkaError;
import io.eventfleet.protocol.ErrorCodes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What both ends of a replication connection agree on. */
final class ReplicaWire {
    /** The version of Fetch that is spoken: the replica's broker epoch came with 15, its directory with 17. */
    static final short FETCH_VERSION = 17;

    /** Session epoch of a request that begins a session and names every partition (KIP-227). */
    static final int FIRST_EPOCH = 0;

    /** Requests of one connection that may be unanswered: one that waits for news, and one that ends the wait. */
    static final int MAX_REQUESTS = 2;

    /** Longest request: names some 200,000 partitions. */
    static final int MAX_REQUEST_BYTES = 16 << 20;

    /** What an answer may hold beside records, and one batch more than was asked for. */
    static final int ANSWER_OVERHEAD_BYTES = 64 << 20;

    private static final Map<Short, KafkaError> ERRORS =
            Arrays.stream(KafkaError.values()).collect(Collectors.toUnmodifiableMap(ErrorCodes::code, error -> error));

    private ReplicaWire() {}

    /** The core's word for a code; one that it has no word for is unexpected anyway. */
    static KafkaError error(short code) {
        return ERRORS.getOrDefault(code, KafkaError.UNKNOWN_SERVER_ERROR);
    }
}
