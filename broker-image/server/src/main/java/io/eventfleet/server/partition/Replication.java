// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.replication.IsrTimers;
import java.util.function.LongSupplier;

/**
 * What the roles of partitions need beside their logs.
 *
 * @param followers copies what others lead
 * @param gateway the way of proposals to the controller
 * @param timers how long a leader waits before it changes the in-sync replicas
 * @param nanoTime monotonic clock
 * @param contacts whom replication hears
 */
public record Replication(
        Followers followers, IsrGateway gateway, IsrTimers timers, LongSupplier nanoTime, ReplicaContacts contacts) {}
