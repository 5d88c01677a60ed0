// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Reads answers of another broker from frames. Stateless; any thread. */
public final class ResponseReader {
    private ResponseReader() {}

    /**
     * One answer.
     *
     * @param correlationId of the request
     * @param body record sets in it are views of the frame
     * @param frame the whole answer; one reference, which the receiver releases when it needs the records no more
     */
    public record ReceivedResponse(int correlationId, ApiMessage body, RecordBuffer frame) {

        /** A record set of this answer, without a copy. The caller gets one new reference to the frame. */
        public RecordBuffer records(BaseRecords records) {
            return PooledRecords.inFrame(frame, ((MemoryRecords) records).buffer());
        }

        /** Size of a record set of this answer in bytes; none is 0. */
        public static int sizeOf(@Nullable BaseRecords records) {
            return records == null ? 0 : records.sizeInBytes();
        }
    }

    /**
     * Reads one answer.
     *
     * @param frame the frame without its length field. On success its reference belongs to the answer; on failure it
     *     stays with the caller
     * @throws UnreadableResponseException when the frame is garbage
     */
    public static ReceivedResponse read(ByteBuf frame, ApiKeys key, short version) throws UnreadableResponseException {
        try {
            var bytes = new ByteBufferAccessor(frame.nioBuffer());
            var header = new ResponseHeaderData(bytes, key.responseHeaderVersion(version));
            var body = ApiMessageType.fromApiKey(key.id).newResponse();
            body.read(bytes, version);
            if (bytes.remaining() > 0) {
                throw new UnreadableResponseException(bytes.remaining() + " bytes follow the answer", null);
            }
            return new ReceivedResponse(header.correlationId(), body, PooledRecords.owning(frame));
        } catch (RuntimeException e) {
            // The generated readers throw many kinds of unchecked exceptions on garbage; all mean the same here.
            throw new UnreadableResponseException("not an answer of this protocol: " + e.getMessage(), e);
        }
    }
}
