// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.protocol.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * Calls a handler as a client would: request and answer go through their bytes in the given version, so that a field
 * which the version does not have fails the test.
 */
public final class ApiCalls {
    /** What the client of every call is named. */
    public static final String CLIENT_ID = "test-client";

    /** The listener every call comes over. */
    public static final String LISTENER = "plain";

    private static final int CORRELATION_ID = 7;
    private static final int LENGTH_FIELD_BYTES = 4;
    private static final long PATIENCE_S = 10;

    private ApiCalls() {}

    /** The answer, read back from its bytes. */
    @SuppressWarnings("unchecked")
    public static <Q extends ApiMessage, R extends ApiMessage> R call(ApiHandler<Q, R> handler, int version, Q request)
            throws Exception {
        var reader = new RequestReader(new HandlerRegistry(List.of(handler)).versions());
        var received = reader.read(frame(handler, (short) version, request), caller());
        var context = received.context();
        try {
            var answer = handler.handle(context, (Q) received.body())
                    .toCompletableFuture()
                    .get(PATIENCE_S, TimeUnit.SECONDS);
            return (R) readBack(context, ResponseWriter.write(UnpooledByteBufAllocator.DEFAULT, context, answer));
        } finally {
            context.close();
        }
    }

    /** The connection that every call comes over. */
    public static RequestContext.Caller caller() {
        return new RequestContext.Caller(
                "connection", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS, LISTENER, "test", "1");
    }

    private static ByteBuf frame(ApiHandler<?, ?> handler, short version, ApiMessage request) {
        var header = new RequestHeader(handler.key(), version, CLIENT_ID, CORRELATION_ID);
        return Unpooled.wrappedBuffer(
                MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                        .buffer(),
                MessageUtil.toByteBufferAccessor(request, version).buffer());
    }

    private static ApiMessage readBack(RequestContext context, ByteBuf written) {
        try {
            var bytes = written.skipBytes(LENGTH_FIELD_BYTES).nioBuffer();
            var accessor = new ByteBufferAccessor(bytes);
            var version = context.apiVersion();
            new ResponseHeaderData().read(accessor, context.apiKey().responseHeaderVersion(version));
            var body = ApiMessageType.fromApiKey(context.apiKey().id).newResponse();
            body.read(accessor, version);
            return body;
        } finally {
            written.release();
        }
    }
}
