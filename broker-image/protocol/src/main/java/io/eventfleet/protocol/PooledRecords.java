// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Record batches in a region of a reference-counted Netty buffer. Thread-safe. */
public final class PooledRecords implements RecordBuffer {
    private final ByteBuf owner;
    private final ByteBuffer view;

    private PooledRecords(ByteBuf owner, ByteBuffer view) {
        this.owner = owner;
        this.view = view;
    }

    /** All readable bytes of a buffer; the caller's reference becomes this object's first one. */
    public static PooledRecords owning(ByteBuf buffer) {
        return new PooledRecords(buffer, buffer.nioBuffer());
    }

    /** A copy in a new direct buffer with one reference, for bytes whose own buffer is about to be reused. */
    public static PooledRecords copyOf(ByteBuffer bytes) {
        var copy = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.remaining(), Math.max(1, bytes.remaining()));
        copy.writeBytes(bytes.duplicate());
        return owning(copy);
    }

    /**
     * The record sets of a produced partition, as a view of the request's own frame: no byte is copied. The caller gets
     * one new reference.
     */
    public static RecordBuffer inFrame(RequestContext context, BaseRecords records) {
        return inFrame(context.frame(), ((MemoryRecords) records).buffer());
    }

    static RecordBuffer inFrame(RecordBuffer frame, ByteBuffer slice) {
        frame.retain();
        return new FrameView(frame, slice);
    }

    @Override
    public ByteBuffer bytes() {
        return view.duplicate();
    }

    @Override
    public int sizeBytes() {
        return view.remaining();
    }

    @Override
    public PooledRecords retain() {
        owner.retain();
        return this;
    }

    @Override
    public void release() {
        owner.release();
    }

    /** Part of a frame; shares its reference count. */
    private record FrameView(RecordBuffer frame, ByteBuffer view) implements RecordBuffer {
        @Override
        public ByteBuffer bytes() {
            return view.duplicate();
        }

        @Override
        public int sizeBytes() {
            return view.remaining();
        }

        @Override
        public int heldBytes() {
            return frame.heldBytes();
        }

        @Override
        public RecordBuffer retain() {
            frame.retain();
            return this;
        }

        @Override
        public void release() {
            frame.release();
        }
    }
}
