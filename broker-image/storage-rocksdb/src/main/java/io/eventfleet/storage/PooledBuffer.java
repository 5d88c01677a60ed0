// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Batches read from disk, in a pooled direct buffer that goes back to its pool with the last reference. */
record PooledBuffer(ByteBuf content) implements RecordBuffer {

    @Override
    public ByteBuffer bytes() {
        return content.nioBuffer();
    }

    @Override
    public int sizeBytes() {
        return content.readableBytes();
    }

    @Override
    public RecordBuffer retain() {
        content.retain();
        return this;
    }

    @Override
    public void release() {
        content.release();
    }
}
