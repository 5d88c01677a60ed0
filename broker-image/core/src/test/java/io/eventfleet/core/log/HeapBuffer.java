// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;

/** A record buffer for decisions, which never look at references. */
record HeapBuffer(ByteBuffer content) implements RecordBuffer {

    @Override
    public ByteBuffer bytes() {
        return content.duplicate();
    }

    @Override
    public int sizeBytes() {
        return content.remaining();
    }

    @Override
    public RecordBuffer retain() {
        return this;
    }

    @Override
    public void release() {
        // Nothing to give back.
    }
}
