// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a byte stream into frames of a length field of four bytes and so many bytes. Each frame is one direct buffer of
 * exactly its size, from which record batches are appended without another copy. Confined to the channel's event loop.
 */
final class FrameCutter extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(FrameCutter.class);

    private final int maxFrameBytes;
    private int length;
    private int lengthBytes;
    private @Nullable ByteBuf frame;

    /** @param maxFrameBytes a longer frame closes the connection */
    FrameCutter(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable() && context.channel().isActive()) {
                var open = frame;
                if (open == null) {
                    open = begin(context, bytes);
                }
                if (open == null) {
                    continue;
                }
                open.writeBytes(bytes, Math.min(bytes.readableBytes(), open.writableBytes()));
                if (!open.isWritable()) {
                    frame = null;
                    lengthBytes = 0;
                    context.fireChannelRead(open);
                }
            }
        } finally {
            bytes.release();
        }
    }

    private @Nullable ByteBuf begin(ChannelHandlerContext context, ByteBuf bytes) {
        while (lengthBytes < Integer.BYTES && bytes.isReadable()) {
            length = (length << Byte.SIZE) | (bytes.readByte() & 0xff);
            lengthBytes++;
        }
        if (lengthBytes < Integer.BYTES) {
            return null;
        }
        if (length <= 0 || length > maxFrameBytes) {
            LOG.atWarn()
                    .addKeyValue("peer", context.channel().remoteAddress())
                    .addKeyValue("bytes", Integer.toUnsignedString(length))
                    .addKeyValue("limitBytes", maxFrameBytes)
                    .log("replication connection closed, frame of impossible length");
            context.close();
            return null;
        }
        var begun = context.alloc().directBuffer(length, length);
        frame = begun;
        return begun;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
