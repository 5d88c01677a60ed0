// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** All partition logs of one broker: the port that a storage engine implements. Thread-safe. */
public interface LogStore extends AutoCloseable {

    /** Opens the log of a partition, creating an empty one the first time. Idempotent. */
    CompletionStage<PartitionLog> open(TopicPartitionId id);

    /** The log if it is open. */
    Optional<PartitionLog> get(TopicPartitionId id);

    /** Every partition that has data or state on this disk, open or not. */
    Collection<TopicPartitionId> stored();

    /**
     * Deletes a partition for good, durably; its data is dropped in the background. Only for a topic whose lines are
     * PURGING, or a replica named in {@code dropped} (docs/coordination.md).
     */
    CompletionStage<Void> delete(TopicPartitionId id);

    /** Syncs everything written until now in every shard, whatever the durability mode of records is. */
    CompletionStage<Void> sync();

    /**
     * Whether the disk hangs: some write or sync has made no progress for 5 s although work is queued. The broker then
     * withholds its heartbeats (docs/coordination.md, S23); after 10 s the store ends the process. Any thread, cheap.
     */
    boolean stalled();

    /** Small durable facts of the broker itself (directory id, broker epoch, clean marker, installed metadata). */
    BrokerMeta meta();

    @Override
    void close();
}
