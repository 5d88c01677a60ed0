// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;

/** Record batches on the heap; the garbage collector frees them, so that references need no counting. */
record HeapRecords(ByteBuffer batches) implements RecordBuffer {

    /** Copies: the coordinator takes its buffer back as soon as the append returns. */
    static HeapRecords copyOf(ByteBuffer source) {
        var copy = ByteBuffer.allocate(source.remaining());
        copy.put(source.duplicate()).flip();
        return new HeapRecords(copy);
    }

    @Override
    public ByteBuffer bytes() {
        return batches.duplicate();
    }

    @Override
    public int sizeBytes() {
        return batches.remaining();
    }

    @Override
    public RecordBuffer retain() {
        return this;
    }

    @Override
    public void release() {}
}
