/**
 * Reconciles Topic: conditions and status from what the shards say, and when its finalizer may go.
 * Never writes a shard: partitions belong to the brokers.
 */
@NullMarked
package io.eventfleet.operator.topic;

import org.jspecify.annotations.NullMarked;
