// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import io.eventfleet.core.KafkaError;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a producer sent before it reaches a log: form, checksum, counts, producer fields, timestamps, size.
 * Compressed records are not opened: for them the header's word is taken, as it is what the checksum covers.
 * Stateless and thread-safe.
 */
public final class BatchValidator {

    private static final int MAX_COMPRESSION_ID = 4;
    private static final long NO_TIMESTAMP = -1;

    /** A leader stored it: size and time were judged there, under the settings of that moment. */
    private static final BatchLimits ANY_LIMITS =
            new BatchLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, true);

    private BatchValidator() {}

    /** Outcome of a check. */
    public sealed interface Result {

        /**
         * The batches may be appended.
         *
         * @param batchCount number of batches
         * @param recordCount number of records in all of them
         * @param maxTimestamp greatest timestamp in ms, or -1
         */
        record Valid(int batchCount, int recordCount, long maxTimestamp) implements Result {}

        /**
         * The batches must not be appended.
         *
         * @param error Kafka's error
         * @param message for people
         */
        record Invalid(KafkaError error, String message) implements Result {}
    }

    /**
     * Checks the payload of one partition in a produce request: exactly one batch of format 2 at the buffer's position.
     * May correct the greatest timestamp of an uncompressed batch in place, as Kafka does.
     */
    public static Result validateProduced(ByteBuffer bytes, BatchLimits limits, long nowMs) {
        Result result = validate(bytes, limits, nowMs, Depth.CLIENT);
        if (result instanceof Result.Valid valid && valid.batchCount() != 1) {
            return invalid(
                    KafkaError.INVALID_RECORD,
                    "a produce request holds exactly one batch per partition, not " + valid.batchCount());
        }
        return result;
    }

    /** Checks batches that a coordinator of this broker made: form, checksum and size, any number of batches. */
    public static Result validateInternal(ByteBuffer bytes, BatchLimits limits, long nowMs) {
        return validate(bytes, limits, nowMs, Depth.RECORDS);
    }

    /**
     * Checks batches that another broker stored, before they enter this replica's log: form, checksum and counts. The
     * records themselves are the leader's responsibility; the checksum says that they are as it stored them.
     */
    public static Result validateReplicated(ByteBuffer bytes) {
        return validate(bytes, ANY_LIMITS, 0, Depth.HEADERS);
    }

    private enum Depth {
        /** Whole batches, as a producer sends them. */
        CLIENT,
        /** Whole batches, made by a broker. */
        RECORDS,
        /** Headers and checksums. */
        HEADERS
    }

    private static Result validate(ByteBuffer bytes, BatchLimits limits, long nowMs, Depth depth) {
        int batchCount = 0;
        int recordCount = 0;
        long maxTimestamp = NO_TIMESTAMP;
        int at = bytes.position();
        while (at < bytes.limit()) {
            Result.Invalid malformed = form(bytes, at, limits);
            if (malformed != null) {
                return malformed;
            }
            var header = BatchHeader.at(bytes, at);
            Result.Invalid wrong = counts(header);
            if (wrong == null && depth == Depth.CLIENT) {
                wrong = clientFields(header);
            }
            if (wrong == null && depth != Depth.HEADERS) {
                wrong = records(bytes, header, limits, nowMs);
            }
            if (wrong != null) {
                return wrong;
            }
            batchCount++;
            recordCount += header.recordCount();
            maxTimestamp = Math.max(maxTimestamp, header.maxTimestamp());
            at += header.sizeBytes();
        }
        if (batchCount == 0) {
            return invalid(KafkaError.INVALID_RECORD, "there is no record batch");
        }
        return new Result.Valid(batchCount, recordCount, maxTimestamp);
    }

    /** Length, format byte, size limit and checksum: until they hold, no other field may be believed. */
    private static Result.@Nullable Invalid form(ByteBuffer bytes, int at, BatchLimits limits) {
        int remaining = bytes.limit() - at;
        if (remaining <= BatchHeader.MAGIC_POSITION) {
            return invalid(KafkaError.CORRUPT_MESSAGE, "a record batch ends before its header does");
        }
        byte magic = bytes.get(at + BatchHeader.MAGIC_POSITION);
        if (magic == 0 || magic == 1) {
            return invalid(
                    KafkaError.INVALID_RECORD,
                    "message format " + magic + " is not supported; format 2 (since Kafka 0.11) is");
        }
        if (magic != BatchHeader.MAGIC) {
            return invalid(KafkaError.CORRUPT_MESSAGE, "unknown message format " + magic);
        }
        if (remaining < BatchHeader.SIZE_BYTES) {
            return invalid(KafkaError.CORRUPT_MESSAGE, "a record batch ends before its header does");
        }
        var header = BatchHeader.at(bytes, at);
        int size = header.sizeBytes();
        if (size < BatchHeader.SIZE_BYTES || size > remaining) {
            return invalid(KafkaError.CORRUPT_MESSAGE, "a record batch declares " + size + " bytes of " + remaining);
        }
        if (size > limits.maxMessageBytes()) {
            return invalid(
                    KafkaError.MESSAGE_TOO_LARGE,
                    "a record batch of " + size + " bytes exceeds max.message.bytes of " + limits.maxMessageBytes());
        }
        if (header.crc() != header.computeCrc()) {
            return invalid(KafkaError.CORRUPT_MESSAGE, "the checksum of a record batch does not match its bytes");
        }
        return null;
    }

    private static Result.@Nullable Invalid counts(BatchHeader header) {
        if (header.recordCount() <= 0) {
            return invalid(KafkaError.INVALID_RECORD, "a record batch holds no records");
        }
        if (header.lastOffsetDelta() != header.recordCount() - 1) {
            return invalid(
                    KafkaError.INVALID_RECORD,
                    "a record batch declares " + header.recordCount() + " records and a last offset delta of "
                            + header.lastOffsetDelta());
        }
        if (header.compressionId() > MAX_COMPRESSION_ID) {
            return invalid(KafkaError.INVALID_RECORD, "unknown compression type " + header.compressionId());
        }
        if (header.recordCount() > header.sizeBytes() - BatchHeader.SIZE_BYTES && header.compressionId() == 0) {
            return invalid(KafkaError.INVALID_RECORD, "a record batch declares more records than it has bytes");
        }
        return null;
    }

    private static Result.@Nullable Invalid clientFields(BatchHeader header) {
        if (header.baseOffset() != 0) {
            return invalid(
                    KafkaError.INVALID_RECORD, "the base offset of a produced batch is 0, not " + header.baseOffset());
        }
        if (header.isControl()) {
            return invalid(KafkaError.INVALID_RECORD, "clients must not write control batches");
        }
        if (header.hasProducerId() && (header.baseSequence() < 0 || header.producerEpoch() < 0)) {
            return invalid(
                    KafkaError.INVALID_RECORD,
                    "a batch of producer " + header.producerId() + " has sequence " + header.baseSequence()
                            + " and epoch " + header.producerEpoch());
        }
        if (header.isTransactional() && !header.hasProducerId()) {
            return invalid(KafkaError.INVALID_RECORD, "a transactional batch has no producer id");
        }
        return null;
    }

    private static Result.@Nullable Invalid records(
            ByteBuffer bytes, BatchHeader header, BatchLimits limits, long nowMs) {
        if (header.compressionId() != 0) {
            return timestamps(header.baseTimestamp(), header.maxTimestamp(), limits, nowMs);
        }
        var walk = new RecordWalk(bytes, header);
        long least = Long.MAX_VALUE;
        long greatest = NO_TIMESTAMP;
        while (walk.next()) {
            least = Math.min(least, walk.timestamp());
            greatest = Math.max(greatest, walk.timestamp());
        }
        if (!walk.problem().isEmpty()) {
            return invalid(KafkaError.INVALID_RECORD, walk.problem());
        }
        Result.Invalid wrong = timestamps(least, greatest, limits, nowMs);
        if (wrong == null && !limits.appendTime() && header.maxTimestamp() != greatest) {
            header.patchMaxTimestamp(greatest);
        }
        return wrong;
    }

    private static Result.@Nullable Invalid timestamps(long least, long greatest, BatchLimits limits, long nowMs) {
        if (limits.appendTime()) {
            return null;
        }
        if (greatest > NO_TIMESTAMP && exceeds(greatest, nowMs, limits.timestampAfterMaxMs())) {
            return outOfBounds(greatest, limits, nowMs);
        }
        if (least > NO_TIMESTAMP && exceeds(nowMs, least, limits.timestampBeforeMaxMs())) {
            return outOfBounds(least, limits, nowMs);
        }
        return null;
    }

    /** Whether {@code later - earlier > limit}, without overflow. */
    private static boolean exceeds(long later, long earlier, long limit) {
        return later > earlier && later - earlier > limit;
    }

    private static Result.Invalid outOfBounds(long timestamp, BatchLimits limits, long nowMs) {
        return invalid(
                KafkaError.INVALID_TIMESTAMP,
                "timestamp " + timestamp + " is out of range: at most " + limits.timestampBeforeMaxMs()
                        + " ms before and " + limits.timestampAfterMaxMs() + " ms after " + nowMs);
    }

    private static Result.Invalid invalid(KafkaError error, String message) {
        return new Result.Invalid(error, message);
    }

    /** The first batch's header, for callers that look at a validated payload; empty when there is none. */
    public static Optional<BatchHeader> first(ByteBuffer bytes) {
        return bytes.remaining() < BatchHeader.SIZE_BYTES
                ? Optional.empty()
                : Optional.of(BatchHeader.at(bytes, bytes.position()));
    }
}
