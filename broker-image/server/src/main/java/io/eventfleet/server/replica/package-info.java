// SPDX-License-Identifier: Apache-2.0
/**
 * Both ends of the copying of records between brokers: fetching from the leaders of followed partitions, and answering the
 * followers of led ones, in Kafka's Fetch over connections of the internal listener (docs/replication.md). It must not
 * decide what is committed, who is in sync, or where logs part.
 */
package io.eventfleet.server.replica;
