/**
 * What the shards of a cluster say about its topics, put together.
 * Reads the text that brokers write and never writes it.
 */
@NullMarked
package io.eventfleet.operator.shard;

import org.jspecify.annotations.NullMarked;
