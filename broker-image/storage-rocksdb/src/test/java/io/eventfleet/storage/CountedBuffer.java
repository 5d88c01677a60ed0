// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A buffer that knows how often it is referenced, so that a test sees every leak and every release too many. */
final class CountedBuffer implements RecordBuffer {

    private final ByteBuffer bytes;
    private final AtomicInteger references = new AtomicInteger(1);

    private CountedBuffer(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static CountedBuffer direct(ByteBuffer content) {
        var copy = ByteBuffer.allocateDirect(content.remaining());
        copy.put(content.duplicate()).flip();
        return new CountedBuffer(copy);
    }

    static CountedBuffer heap(ByteBuffer content) {
        var copy = ByteBuffer.allocate(content.remaining());
        copy.put(content.duplicate()).flip();
        return new CountedBuffer(copy);
    }

    int references() {
        return references.get();
    }

    @Override
    public ByteBuffer bytes() {
        requireLive();
        return bytes.duplicate();
    }

    @Override
    public int sizeBytes() {
        return bytes.remaining();
    }

    @Override
    public RecordBuffer retain() {
        requireLive();
        references.incrementAndGet();
        return this;
    }

    @Override
    public void release() {
        requireLive();
        references.decrementAndGet();
    }

    private void requireLive() {
        if (references.get() <= 0) {
            throw new IllegalStateException("the buffer was released already");
        }
    }
}
