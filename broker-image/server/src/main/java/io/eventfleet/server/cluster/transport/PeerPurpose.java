// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

/** What connections between brokers are opened for, as their first frame says. */
final class PeerPurpose {
    /** To send messages; what a broker that knows of no other purpose means when it says nothing. */
    static final String MESSAGES = "";

    /** To fetch records of partitions that the other end leads, in Kafka's frames. */
    static final String REPLICATION = "replication";

    private PeerPurpose() {}
}
