// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream of one connection into frames: a length field of four bytes, then so many bytes. Nothing is
 * allocated for a frame before its length has been checked and its share of the request budget was granted. Each frame
 * is a buffer of its own of exactly its size, so that a small batch kept in the tail cache does not keep a large read
 * buffer alive. Confined to the connection's event loop.
 */
final class FrameAssembler {
    private static final int LENGTH_FIELD_BYTES = 4;

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final RequestBudget budget;
    private final Runnable onBudget;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>(2);
    private int lengthField;
    private int lengthFieldBytes;
    private RequestBudget.@Nullable Claim claim;
    private @Nullable ByteBuf frame;
    private long framesBegun;

    /** @param onBudget called on any thread when {@link #next} is worth another call */
    FrameAssembler(ByteBufAllocator allocator, int maxFrameBytes, RequestBudget budget, Runnable onBudget) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.budget = budget;
        this.onBudget = onBudget;
    }

    /** A whole frame with its share of the budget; whoever takes it gives both back. */
    record Frame(ByteBuf bytes, RequestBudget.Claim claim) {}

    /** The length field says something that no client of this protocol would say. */
    static final class FrameException extends Exception {
        FrameException(String message) {
            super(message);
        }
    }

    /** Takes over the reference to bytes that were read. */
    void add(ByteBuf bytes) {
        unread.add(bytes);
    }

    /** The next whole frame, or null while bytes or budget are missing. */
    @Nullable
    Frame next() throws FrameException {
        if (frame == null && !startFrame()) {
            return null;
        }
        var target = frame;
        var granted = claim;
        if (target == null || granted == null) {
            return null;
        }
        while (target.isWritable() && !unread.isEmpty()) {
            var source = unread.element();
            target.writeBytes(source, Math.min(source.readableBytes(), target.writableBytes()));
            dropIfEmpty(source);
        }
        if (target.isWritable()) {
            return null;
        }
        frame = null;
        claim = null;
        lengthFieldBytes = 0;
        return new Frame(target, granted);
    }

    /** True while a frame waits for its share of the budget: reading on would only fill memory. */
    boolean isWaitingForBudget() {
        return claim != null && frame == null;
    }

    /** True while a frame has its share of the budget and not all of its bytes. */
    boolean isFilling() {
        return frame != null;
    }

    /** Frames that were given their share so far: tells one from the next. */
    long framesBegun() {
        return framesBegun;
    }

    /** True when part of a frame has arrived. */
    boolean isInsideFrame() {
        return lengthFieldBytes > 0;
    }

    /** Gives everything back. */
    void close() {
        unread.forEach(ByteBuf::release);
        unread.clear();
        if (frame != null) {
            frame.release();
            frame = null;
        }
        if (claim != null) {
            budget.release(claim);
            claim = null;
        }
    }

    private boolean startFrame() throws FrameException {
        if (claim == null) {
            if (!readLengthField()) {
                return false;
            }
            if (lengthField < 0 || lengthField > maxFrameBytes) {
                throw new FrameException("frame of " + Integer.toUnsignedString(lengthField)
                        + " bytes, the limit is " + maxFrameBytes
                        + ": the smaller of socket.request.max.bytes and half of the memory for requests");
            }
            claim = budget.claim(lengthField, onBudget);
        }
        if (!budget.isGranted(claim)) {
            return false;
        }
        frame = allocator.directBuffer(lengthField, lengthField);
        framesBegun++;
        return true;
    }

    private boolean readLengthField() {
        while (lengthFieldBytes < LENGTH_FIELD_BYTES && !unread.isEmpty()) {
            var source = unread.element();
            if (source.isReadable()) {
                lengthField = (lengthField << 8) | (source.readByte() & 0xff);
                lengthFieldBytes++;
            }
            dropIfEmpty(source);
        }
        return lengthFieldBytes == LENGTH_FIELD_BYTES;
    }

    private void dropIfEmpty(ByteBuf source) {
        if (!source.isReadable()) {
            unread.remove();
            source.release();
        }
    }
}
