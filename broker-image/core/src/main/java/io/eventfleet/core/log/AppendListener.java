// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

/**
 * Hears what became of one append. Called on the storage shard's threads: implementations must be quick and must not
 * block. Either {@link #onRejected} is called once, or {@link #onWritten} once and later {@link #onDurable} once.
 */
public interface AppendListener {

    /** Offsets are assigned and the batch is in the log, not yet as durable as promised. Called in offset order. */
    default void onWritten(Appended appended) {}

    /**
     * The batch is as durable as the configured durability promises ({@code Synced}: the write-ahead log was synced;
     * {@code Buffered}: handed to the operating system). Called in offset order per partition.
     */
    void onDurable(Appended appended);

    /** Nothing was appended. */
    void onRejected(Rejected rejected);

    /**
     * Where the batches are.
     *
     * @param baseOffset offset of the first record
     * @param lastOffset offset of the last record
     * @param logAppendTimeMs the stamped time, or -1 for {@code CreateTime} topics
     * @param logStartOffset the log start offset at that moment
     * @param duplicate true when a retried idempotent batch was found to be stored already; the offsets are the first ones
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate) {}

    /**
     * Why nothing was appended.
     *
     * @param error Kafka's error
     * @param message for people
     * @param currentLeaderEpoch the log's epoch
     */
    record Rejected(io.eventfleet.core.KafkaError error, String message, int currentLeaderEpoch) {}
}
