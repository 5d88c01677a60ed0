// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;

/**
 * Steps over the records of an uncompressed batch without building them: only offset, timestamp and bounds are read.
 * Malformed bytes end the walk with {@link #problem()}, never with an exception.
 */
public final class RecordWalk {

    private static final String OUT_OF_BOUNDS = "a record reaches over the end of its batch";

    private final ByteBuffer bytes;
    private final BatchHeader header;
    private final int end;
    private int at;
    private int seen;
    private long timestamp;
    private long offsetDelta;
    private String problem = "";

    /** @param header of an uncompressed batch that lies wholly within the buffer */
    public RecordWalk(ByteBuffer bytes, BatchHeader header) {
        this.bytes = bytes;
        this.header = header;
        this.at = header.position() + BatchHeader.SIZE_BYTES;
        this.end = header.position() + header.sizeBytes();
    }

    /** Moves to the next record; false at the end or at a problem. */
    public boolean next() {
        if (!problem.isEmpty() || seen == header.recordCount()) {
            if (problem.isEmpty() && at != end) {
                problem = "bytes follow the last record of the batch";
            }
            return false;
        }
        try {
            return step();
        } catch (IndexOutOfBoundsException e) {
            problem = OUT_OF_BOUNDS;
            return false;
        }
    }

    private boolean step() {
        long length = readVarint();
        long recordEnd = at + length;
        if (length < 0 || recordEnd > end) {
            problem = OUT_OF_BOUNDS;
            return false;
        }
        at++; // attributes, unused in format 2
        timestamp = header.baseTimestamp() + readVarlong();
        offsetDelta = readVarint();
        if (problem.isEmpty() && offsetDelta != seen) {
            problem = "record offsets are not consecutive";
        }
        skipBytes();
        skipBytes();
        long headers = readVarint();
        if (headers < 0 || headers > recordEnd - at) {
            problem = "a record declares an impossible number of headers";
        }
        for (long i = 0; i < headers && problem.isEmpty(); i++) {
            skipBytes();
            skipBytes();
        }
        if (problem.isEmpty() && at != recordEnd) {
            problem = "a record is not as long as it declares";
        }
        seen++;
        return problem.isEmpty();
    }

    /** Timestamp of the current record in ms; that of the batch for broker-stamped ones. */
    public long timestamp() {
        return header.isAppendTime() ? header.maxTimestamp() : timestamp;
    }

    /** Offset of the current record. */
    public long offset() {
        return header.baseOffset() + offsetDelta;
    }

    /** What is wrong with the batch, or empty. */
    public String problem() {
        return problem;
    }

    private void skipBytes() {
        long length = readVarint();
        if (length < -1) {
            problem = "a record holds a negative length";
        } else if (length > 0) {
            if (length > end - at) {
                problem = OUT_OF_BOUNDS;
            } else {
                at += (int) length;
            }
        }
    }

    private int readVarint() {
        long value = readVarlong();
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            problem = "a number of a record is out of range";
            return -1;
        }
        return (int) value;
    }

    private long readVarlong() {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                problem = OUT_OF_BOUNDS;
                return 0;
            }
            byte b = bytes.get(at++);
            raw |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        problem = "a number of a record is too long";
        return 0;
    }
}
