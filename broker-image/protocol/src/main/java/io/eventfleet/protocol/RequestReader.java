// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Reads requests from frames. Stateless apart from the version table; any thread. */
public final class RequestReader {
    private final VersionTable versions;

    public RequestReader(VersionTable versions) {
        this.versions = versions;
    }

    /**
     * Reads one request.
     *
     * @param frame the frame without its length field. On success its reference belongs to the context; on failure it
     *     stays with the caller
     * @throws UnreadableRequestException when the frame is garbage, or its API or version is not offered
     */
    public ReceivedRequest read(ByteBuf frame, RequestContext.Caller caller) throws UnreadableRequestException {
        try {
            var bytes = frame.nioBuffer();
            var header = RequestHeader.parse(bytes);
            var context = new RequestContext(header, caller, PooledRecords.owning(frame));
            if (context.isUnsupportedApiVersions()) {
                return new ReceivedRequest(context, new ApiVersionsRequestData());
            }
            if (!versions.supports(header.apiKey(), header.apiVersion())) {
                throw new UnreadableRequestException(
                        header.apiKey().name + " version " + header.apiVersion() + " is not offered");
            }
            var body = ApiMessageType.fromApiKey(header.apiKey().id).newRequest();
            body.read(new ByteBufferAccessor(bytes), header.apiVersion());
            return new ReceivedRequest(context, body);
        } catch (RuntimeException e) {
            // The generated readers throw many kinds of unchecked exceptions on garbage; all mean the same here.
            throw new UnreadableRequestException("not a request of this protocol: " + e.getMessage(), e);
        }
    }

    /**
     * The answer in which every part of a request carries the error of a failed handler.
     *
     * @param context a context that is not closed yet, for its frame is read again
     */
    public static ApiMessage errorResponse(RequestContext context, Throwable failure) {
        if (context.isUnsupportedApiVersions()) {
            return new org.apache.kafka.common.message.ApiVersionsResponseData()
                    .setErrorCode(ErrorCodes.ofFailure(failure).code());
        }
        var bytes = context.frame().bytes();
        RequestHeader.parse(bytes);
        return AbstractRequest.parseRequest(context.apiKey(), context.apiVersion(), new ByteBufferAccessor(bytes))
                .request
                .getErrorResponse(0, ErrorCodes.cause(failure))
                .data();
    }
}
