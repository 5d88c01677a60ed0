// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import java.util.UUID;

/**
 * Who is at one end of a connection.
 *
 * @param cluster namespace and name of the EventCluster, {@code namespace/name}: ends of different clusters refuse each
 *     other. The cluster id cannot serve here, since a broker on a new disk learns it by its registration
 * @param brokerId id of the broker
 * @param incarnation random id of the process
 */
public record PeerIdentity(String cluster, int brokerId, UUID incarnation) {}
