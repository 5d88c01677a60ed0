// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import io.eventfleet.core.KafkaError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private long logStartOffset;
    private long logEndOffset;
    private int leaderEpoch;
    private Role role = Role.NONE;

    /** What this replica is at present; never stored: a role ends with the process. */
    private enum Role {
        NONE("is neither led nor followed here"),
        LEADER("is led here"),
        FOLLOWER("follows a leader");

        private final String words;

        Role(String words) {
            this.words = words;
        }
    }

    /**
     * Where a log begins and ends.
     *
     * @param start first readable offset
     * @param end offset after the last record
     */
    public record Bounds(long start, long end) {}

    /**
     * The state of a log that has no role yet.
     *
     * @param stored asked once, when the first idempotent batch arrives: most partitions never see one
     */
    public LogState(Bounds bounds, int leaderEpoch, EpochHistory epochs, Supplier<ProducerStates> stored) {
        this.logStartOffset = bounds.start();
        this.logEndOffset = bounds.end();
        this.leaderEpoch = leaderEpoch;
        this.epochs = epochs;
        this.stored = stored;
    }

    /** What becomes of an append. */
    public sealed interface Decision {

        /**
         * Append the batches from this offset on.
         *
         * @param baseOffset offset of the first record; of a leader's batch, as it is in the batch
         * @param lastOffset offset of the last record
         * @param batches headers of the batches, in order
         * @param producers entries of their producers as they will be, in order
         * @param epochs the epochs as they will be
         */
        record Accepted(
                long baseOffset,
                long lastOffset,
                List<BatchHeader> batches,
                List<ProducerEntry> producers,
                EpochHistory epochs)
                implements Decision {}

        /** The batch is in the log already, at these offsets. */
        record Duplicate(long baseOffset, long lastOffset) implements Decision {}

        /** Nothing may be appended. */
        record Rejected(KafkaError error, String message) implements Decision {}
    }

    /** Decides about one append; changes nothing. */
    public Decision decide(AppendRequest request, ByteBuffer bytes) {
        boolean replicated = request.origin() == AppendRequest.Origin.REPLICA;
        if (role != (replicated ? Role.FOLLOWER : Role.LEADER) || request.leaderEpoch() != leaderEpoch) {
            return new Decision.Rejected(
                    KafkaError.NOT_LEADER_OR_FOLLOWER,
                    (replicated ? "a leader's batch" : "the append") + " carries leader epoch " + request.leaderEpoch()
                            + ", the log " + role.words + " in epoch " + leaderEpoch);
        }
        return replicated ? decideReplicated(request, bytes) : decideOwn(request, bytes);
    }

    private Decision decideOwn(AppendRequest request, ByteBuffer bytes) {
        var batches = new ArrayList<BatchHeader>(1);
        var entries = new ArrayList<ProducerEntry>(1);
        long offset = logEndOffset;
        for (int at = bytes.position(); at < bytes.limit(); ) {
            var batch = BatchHeader.at(bytes, at);
            if (cutOff(batch, bytes)) {
                return cutOff();
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
                        entries.add(producers().entry(batch.producerId()).after(batch, offset, request.appendTimeMs()));
                }
            }
            batches.add(batch);
            offset += batch.lastOffsetDelta() + 1L;
            at += batch.sizeBytes();
        }
        if (batches.isEmpty()) {
            return nothing();
        }
        return new Decision.Accepted(logEndOffset, offset - 1, batches, entries, epochs);
    }

    /**
     * What a leader stored continues this log without a gap, because no log drops single batches yet. Batches that
     * this log has already are skipped. One that only begins before the log end is a sign of a diverged log and is
     * refused, except at the start of an empty log: there the leader's log begins within that batch.
     */
    private Decision decideReplicated(AppendRequest request, ByteBuffer bytes) {
        var batches = new ArrayList<BatchHeader>();
        var entries = new LinkedHashMap<Long, ProducerEntry>();
        EpochHistory history = epochs;
        long next = logEndOffset;
        int seen = 0;
        for (int at = bytes.position(); at < bytes.limit(); seen++) {
            var batch = BatchHeader.at(bytes, at);
            if (cutOff(batch, bytes)) {
                return cutOff();
            }
            at += batch.sizeBytes();
            if (batches.isEmpty() && batch.lastOffset() < next) {
                continue;
            }
            boolean aroundStart = batches.isEmpty() && logStartOffset == logEndOffset && batch.baseOffset() < next;
            if (batch.baseOffset() != next && !aroundStart) {
                return new Decision.Rejected(
                        KafkaError.OFFSET_OUT_OF_RANGE,
                        "a leader's batch with offsets " + batch.baseOffset() + " to " + batch.lastOffset()
                                + " does not continue the log at " + next);
            }
            int epoch = batch.partitionLeaderEpoch();
            if (epoch < 0 || epoch < history.latestEpoch() || epoch > request.leaderEpoch()) {
                return new Decision.Rejected(
                        KafkaError.INVALID_RECORD,
                        "a leader's batch at " + batch.baseOffset() + " has epoch " + epoch + ", after epoch "
                                + history.latestEpoch() + " and from the leader of epoch " + request.leaderEpoch());
            }
            history = history.with(epoch, next);
            if (batch.hasSequence()) {
                long producerId = batch.producerId();
                ProducerEntry before =
                        entries.getOrDefault(producerId, producers().entry(producerId));
                entries.put(producerId, before.after(batch, batch.baseOffset(), request.appendTimeMs()));
            }
            batches.add(batch);
            next = batch.lastOffset() + 1;
        }
        if (!batches.isEmpty()) {
            return new Decision.Accepted(
                    batches.getFirst().baseOffset(), next - 1, batches, List.copyOf(entries.values()), history);
        }
        return seen == 0
                ? nothing()
                : new Decision.Duplicate(BatchHeader.at(bytes, bytes.position()).baseOffset(), next - 1);
    }

    private static boolean cutOff(BatchHeader batch, ByteBuffer bytes) {
        return batch.sizeBytes() < BatchHeader.SIZE_BYTES || batch.sizeBytes() > bytes.limit() - batch.position();
    }

    private static Decision cutOff() {
        return new Decision.Rejected(KafkaError.CORRUPT_MESSAGE, "a record batch is cut off");
    }

    private static Decision nothing() {
        return new Decision.Rejected(KafkaError.INVALID_RECORD, "there is no record batch");
    }

    /** Makes an accepted append part of the state. */
    public void apply(Decision.Accepted accepted) {
        logEndOffset = accepted.lastOffset() + 1;
        epochs = accepted.epochs();
        accepted.producers().forEach(entry -> producers().put(entry));
    }

    /**
     * Leads under this epoch from now on.
     *
     * @return true when the epoch is new and its start must be stored
     * @throws IllegalStateException when the epoch is lower than the current one
     */
    public boolean becomeLeader(int newLeaderEpoch) {
        enter(newLeaderEpoch, Role.LEADER);
        boolean begun = newLeaderEpoch > epochs.latestEpoch();
        epochs = epochs.with(newLeaderEpoch, logEndOffset);
        return begun;
    }

    /**
     * Takes a leader's batches in this epoch from now on. The epoch makes no entry of its own: its first batch does.
     *
     * @throws IllegalStateException when the epoch is lower than the current one
     */
    public void becomeFollower(int newLeaderEpoch) {
        enter(newLeaderEpoch, Role.FOLLOWER);
    }

    private void enter(int newLeaderEpoch, Role newRole) {
        if (newLeaderEpoch < leaderEpoch) {
            throw new IllegalStateException("leader epoch " + newLeaderEpoch + " after " + leaderEpoch);
        }
        leaderEpoch = newLeaderEpoch;
        role = newRole;
    }

    /** Refuses appends until the next {@link #becomeLeader} or {@link #becomeFollower}. */
    public void resign() {
        role = Role.NONE;
    }

    /** Whether a leader's batches of this epoch are taken now. */
    public boolean follows(int epoch) {
        return role == Role.FOLLOWER && epoch == leaderEpoch;
    }

    /** The log begins at this offset now. */
    public void startAt(long offset) {
        logStartOffset = offset;
        epochs = epochs.startingAt(offset);
    }

    /**
     * The log ends at this offset now, which no batch contains and which lies within its bounds: epochs that began at or
     * after it never were, not even one that wrote nothing (KIP-101).
     *
     * @return what that did to the producers
     */
    public ProducerStates.Truncated truncate(long offset) {
        if (offset < logStartOffset || offset > logEndOffset) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is not within " + logStartOffset + " to " + logEndOffset);
        }
        logEndOffset = offset;
        epochs = epochs.endingAt(offset);
        return producers().truncate(offset);
    }

    /** The log is empty and begins at this offset now; no epoch and no producer is known. */
    public void restartAt(long offset) {
        logStartOffset = offset;
        logEndOffset = offset;
        epochs = EpochHistory.EMPTY;
        producers = new ProducerStates();
    }

    /** Takes back a producer whose last batch was found in the log after a truncation. */
    public void restore(ProducerEntry entry) {
        producers().put(entry);
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public long logEndOffset() {
        return logEndOffset;
    }

    public int leaderEpoch() {
        return leaderEpoch;
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
