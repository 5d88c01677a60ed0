// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/** Writes responses as frames: small fields to one buffer, record sets as components of a composite, not copied. */
public final class ResponseWriter {
    private static final int LENGTH_FIELD_BYTES = 4;
    /** Above this many components Netty would join them by copying; the limit is only an array bound here. */
    private static final int MAX_COMPONENTS = Integer.MAX_VALUE;

    private ResponseWriter() {}

    /**
     * Encodes one response with its length field and header. The result reads record bytes from the buffers in the body,
     * so they stay referenced until it has been written. Nothing stays allocated when this throws, be it the error by which
     * Netty says that direct memory is used up.
     */
    public static ByteBuf write(ByteBufAllocator allocator, RequestContext context, ApiMessage body) {
        var version = context.apiVersion();
        var headerVersion = context.apiKey().responseHeaderVersion(version);
        var header = new ResponseHeaderData().setCorrelationId(context.correlationId());
        var cache = new ObjectSerializationCache();
        var size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        var out = new FrameWriter(allocator, size.sizeExcludingZeroCopy() + LENGTH_FIELD_BYTES);
        try {
            out.writeInt(size.totalSize());
            header.write(out, cache, headerVersion);
            body.write(out, cache, version);
            return out.finish();
        } catch (RuntimeException | Error e) {
            out.discard();
            throw e;
        }
    }

    /** Kafka's sink over Netty buffers. */
    private static final class FrameWriter implements Writable {
        private final ByteBufAllocator allocator;
        private final ByteBuf fields;
        private @Nullable CompositeByteBuf parts;

        FrameWriter(ByteBufAllocator allocator, int fieldBytes) {
            this.allocator = allocator;
            this.fields = allocator.directBuffer(fieldBytes, fieldBytes);
        }

        ByteBuf finish() {
            var composite = parts;
            if (composite == null) {
                return fields;
            }
            addPendingFields(composite);
            fields.release();
            return composite;
        }

        void discard() {
            if (parts != null) {
                parts.release();
            }
            fields.release();
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (records instanceof StoredBatches batches) {
                batches.parts().forEach(part -> writeByteBuffer(part.bytes()));
            } else {
                Writable.super.writeRecords(records);
            }
        }

        @Override
        public void writeByteBuffer(ByteBuffer bytes) {
            if (!bytes.hasRemaining()) {
                return;
            }
            var composite = parts;
            if (composite == null) {
                composite = allocator.compositeBuffer(MAX_COMPONENTS);
                parts = composite;
            }
            addPendingFields(composite);
            composite.addComponent(true, Unpooled.wrappedBuffer(bytes));
        }

        private void addPendingFields(CompositeByteBuf composite) {
            if (fields.isReadable()) {
                composite.addComponent(true, fields.readRetainedSlice(fields.readableBytes()));
            }
        }

        @Override
        public void writeByte(byte value) {
            fields.writeByte(value);
        }

        @Override
        public void writeShort(short value) {
            fields.writeShort(value);
        }

        @Override
        public void writeInt(int value) {
            fields.writeInt(value);
        }

        @Override
        public void writeLong(long value) {
            fields.writeLong(value);
        }

        @Override
        public void writeDouble(double value) {
            fields.writeDouble(value);
        }

        @Override
        public void writeByteArray(byte[] bytes) {
            fields.writeBytes(bytes);
        }

        @Override
        public void writeUnsignedVarint(int value) {
            var rest = value;
            while ((rest & ~0x7f) != 0) {
                fields.writeByte((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            fields.writeByte(rest);
        }

        @Override
        public void writeVarint(int value) {
            writeUnsignedVarint((value << 1) ^ (value >> 31));
        }

        @Override
        public void writeVarlong(long value) {
            var rest = (value << 1) ^ (value >> 63);
            while ((rest & ~0x7fL) != 0) {
                fields.writeByte((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            fields.writeByte((int) rest);
        }
    }
}
