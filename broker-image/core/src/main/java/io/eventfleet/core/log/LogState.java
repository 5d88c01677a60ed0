// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import io.eventfleet.core.KafkaError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the single writer of a partition knows while it decides: log end, leadership, epochs and producers. Decisions
 * read, {@link #apply} changes: the writer applies only what it has put into its write batch. Not thread-safe.
 */
public final class LogState {

    private final Supplier<ProducerStates> stored;
    private @Nullable ProducerStates producers;
    private EpochHistory epochs;
    private long logEndOffset;
    private int leaderEpoch;
    private boolean leading;

    /**
     * The state of a log that nobody leads yet.
     *
     * @param stored asked once, when the first idempotent batch arrives: most partitions never see one
     */
    public LogState(long logEndOffset, int leaderEpoch, EpochHistory epochs, Supplier<ProducerStates> stored) {
        this.logEndOffset = logEndOffset;
        this.leaderEpoch = leaderEpoch;
        this.epochs = epochs;
        this.stored = stored;
    }

    /** What becomes of an append. */
    public sealed interface Decision {

        /**
         * Append the batches from this offset on.
         *
         * @param baseOffset offset of the first record
         * @param lastOffset offset of the last record
         * @param batches headers of the batches, in order
         * @param producers entries of their producers as they will be, in order
         */
        record Accepted(long baseOffset, long lastOffset, List<BatchHeader> batches, List<ProducerEntry> producers)
                implements Decision {}

        /** The batch is in the log already, at these offsets. */
        record Duplicate(long baseOffset, long lastOffset) implements Decision {}

        /** Nothing may be appended. */
        record Rejected(KafkaError error, String message) implements Decision {}
    }

    /** Decides about one append; changes nothing. */
    public Decision decide(AppendRequest request, ByteBuffer bytes) {
        if (!leading || request.leaderEpoch() != leaderEpoch) {
            return new Decision.Rejected(
                    KafkaError.NOT_LEADER_OR_FOLLOWER,
                    "the append carries leader epoch " + request.leaderEpoch() + ", the log "
                            + (leading ? "is led in epoch " + leaderEpoch : "is not led here"));
        }
        var batches = new ArrayList<BatchHeader>(1);
        var entries = new ArrayList<ProducerEntry>(1);
        long offset = logEndOffset;
        for (int at = bytes.position(); at < bytes.limit(); ) {
            var batch = BatchHeader.at(bytes, at);
            if (batch.sizeBytes() < BatchHeader.SIZE_BYTES || batch.sizeBytes() > bytes.limit() - at) {
                return new Decision.Rejected(KafkaError.CORRUPT_MESSAGE, "a record batch is cut off");
            }
            if (request.origin() == AppendRequest.Origin.CLIENT && batch.hasProducerId()) {
                if (!batches.isEmpty()) {
                    return new Decision.Rejected(
                            KafkaError.INVALID_RECORD, "an idempotent producer appends one batch at a time");
                }
                switch (producers().check(batch)) {
                    case ProducerStates.Check.Refused refused -> {
                        return new Decision.Rejected(refused.error(), refused.message());
                    }
                    case ProducerStates.Check.Duplicate duplicate -> {
                        return new Decision.Duplicate(
                                duplicate.stored().baseOffset(),
                                duplicate.stored().lastOffset());
                    }
                    case ProducerStates.Check.InSequence _ ->
                        entries.add(producers().after(batch, offset, request.appendTimeMs()));
                }
            }
            batches.add(batch);
            offset += batch.lastOffsetDelta() + 1L;
            at += batch.sizeBytes();
        }
        if (batches.isEmpty()) {
            return new Decision.Rejected(KafkaError.INVALID_RECORD, "there is no record batch");
        }
        return new Decision.Accepted(logEndOffset, offset - 1, batches, entries);
    }

    /** Makes an accepted append part of the state. */
    public void apply(Decision.Accepted accepted) {
        logEndOffset = accepted.lastOffset() + 1;
        accepted.producers().forEach(entry -> producers().put(entry));
    }

    /**
     * Leads under this epoch from now on.
     *
     * @return true when the epoch is new and its start must be stored
     * @throws IllegalStateException when the epoch is lower than the current one
     */
    public boolean becomeLeader(int newLeaderEpoch) {
        if (newLeaderEpoch < leaderEpoch) {
            throw new IllegalStateException("leader epoch " + newLeaderEpoch + " after " + leaderEpoch);
        }
        boolean begun = newLeaderEpoch > epochs.latestEpoch();
        epochs = epochs.with(newLeaderEpoch, logEndOffset);
        leaderEpoch = newLeaderEpoch;
        leading = true;
        return begun;
    }

    /** Refuses appends until the next {@link #becomeLeader}. */
    public void resign() {
        leading = false;
    }

    /** The log begins at this offset now. */
    public void startAt(long logStartOffset) {
        epochs = epochs.startingAt(logStartOffset);
    }

    public long logEndOffset() {
        return logEndOffset;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    public boolean leading() {
        return leading;
    }

    public EpochHistory epochs() {
        return epochs;
    }

    public ProducerStates producers() {
        if (producers == null) {
            producers = stored.get();
        }
        return producers;
    }

    /** Whether {@link #producers()} was needed already. */
    public boolean producersLoaded() {
        return producers != null;
    }
}
