// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/** Writes requests as frames, for a broker that asks another one. Stateless; any thread. */
public final class RequestWriter {
    private static final int LENGTH_FIELD_BYTES = 4;

    private RequestWriter() {}

    /**
     * Encodes one request with its length field and header.
     *
     * @param clientId what the sender calls itself
     * @param correlationId comes back with the answer
     */
    public static ByteBuf write(
            ByteBufAllocator allocator,
            ApiKeys key,
            short version,
            String clientId,
            int correlationId,
            ApiMessage body) {
        var header = new RequestHeader(key, version, clientId, correlationId);
        var cache = new ObjectSerializationCache();
        var size = new MessageSizeAccumulator();
        header.data().addSize(size, cache, header.headerVersion());
        body.addSize(size, cache, version);
        int frameBytes = size.totalSize() + LENGTH_FIELD_BYTES;
        var out = allocator.directBuffer(frameBytes, frameBytes);
        try {
            var bytes = out.nioBuffer(0, frameBytes).putInt(size.totalSize());
            var writable = new ByteBufferAccessor(bytes);
            header.data().write(writable, cache, header.headerVersion());
            body.write(writable, cache, version);
            return out.writerIndex(bytes.position());
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
    }
}
