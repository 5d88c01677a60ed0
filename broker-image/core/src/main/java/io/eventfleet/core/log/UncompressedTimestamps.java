// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Walks uncompressed batches; broker-stamped ones need no walk at all, because all their records share one time. */
record UncompressedTimestamps(RecordTimestamps compressed) implements RecordTimestamps {

    @Override
    public Optional<Found> firstAtOrAfter(ByteBuffer batch, long timestampMs, long minOffset) {
        var header = BatchHeader.at(batch, batch.position());
        if (header.isAppendTime()) {
            return header.maxTimestamp() < timestampMs ? Optional.empty() : firstFrom(header, minOffset);
        }
        if (header.compressionId() != 0) {
            return compressed.firstAtOrAfter(batch, timestampMs, minOffset);
        }
        var walk = new RecordWalk(batch, header);
        while (walk.next()) {
            if (walk.timestamp() >= timestampMs && walk.offset() >= minOffset) {
                return Optional.of(new Found(walk.timestamp(), walk.offset()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Found> greatest(ByteBuffer batch, long minOffset) {
        var header = BatchHeader.at(batch, batch.position());
        if (header.isAppendTime()) {
            return firstFrom(header, minOffset);
        }
        if (header.compressionId() != 0) {
            return compressed.greatest(batch, minOffset);
        }
        Optional<Found> greatest = Optional.empty();
        var walk = new RecordWalk(batch, header);
        while (walk.next()) {
            boolean greater =
                    greatest.isEmpty() || walk.timestamp() > greatest.get().timestampMs();
            if (walk.offset() >= minOffset && greater) {
                greatest = Optional.of(new Found(walk.timestamp(), walk.offset()));
            }
        }
        return greatest;
    }

    private static Optional<Found> firstFrom(BatchHeader header, long minOffset) {
        long first = Math.max(header.baseOffset(), minOffset);
        return first > header.lastOffset() ? Optional.empty() : Optional.of(new Found(header.maxTimestamp(), first));
    }
}
