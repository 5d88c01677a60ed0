// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks at the timestamps of the single records of one batch, which for a compressed batch means to decompress it. A
 * port: whoever knows the codecs implements it and the log uses it for lookups by time. Thread-safe.
 */
public interface RecordTimestamps {

    /**
     * The first record with a timestamp at or after the given one and an offset at or after the given one.
     *
     * @param batch one whole batch between position and limit; must not be kept
     */
    Optional<Found> firstAtOrAfter(ByteBuffer batch, long timestampMs, long minOffset);

    /** The first of the records with the greatest timestamp of the batch, at or after an offset. */
    Optional<Found> greatest(ByteBuffer batch, long minOffset);

    /**
     * A record found.
     *
     * @param timestampMs its timestamp
     * @param offset its absolute offset
     */
    record Found(long timestampMs, long offset) {}

    /** Reads uncompressed batches itself and leaves the compressed ones to another. */
    static RecordTimestamps uncompressedOr(RecordTimestamps compressed) {
        return new UncompressedTimestamps(compressed);
    }
}
