// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;

/** One batch of a buffer that holds several; references are those of the whole. */
record SliceBuffer(RecordBuffer whole, int index, int sizeBytes) implements RecordBuffer {

    @Override
    public ByteBuffer bytes() {
        ByteBuffer bytes = whole.bytes();
        return bytes.slice(bytes.position() + index, sizeBytes);
    }

    @Override
    public int heldBytes() {
        return whole.heldBytes();
    }

    @Override
    public RecordBuffer retain() {
        whole.retain();
        return this;
    }

    @Override
    public void release() {
        whole.release();
    }
}
