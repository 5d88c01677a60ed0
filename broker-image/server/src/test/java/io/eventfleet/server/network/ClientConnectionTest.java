// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.server.api.ApiCalls;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.HandlerRegistry;
import io.eventfleet.server.metrics.MetricRegistry;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection does when memory or time runs out, over a channel without a socket. */
class ClientConnectionTest {
    private static final short VERSION = 0;
    private static final long BUDGET_BYTES = 10_000;

    private final ScarceMemory memory = new ScarceMemory();
    private final OneHandler handler = new OneHandler();
    private final MetricRegistry metrics = new MetricRegistry();
    private final RequestBudget budget = new RequestBudget(BUDGET_BYTES, 0);
    private final HandlerRegistry handlers = new HandlerRegistry(List.of(handler));
    private final ConnectionServices services = new ConnectionServices(
            BrokerConfig.parse(new Properties(), Map.of()).network(),
            handlers,
            new RequestReader(handlers.versions()),
            budget,
            new ConnectionLimits(10, 10),
            new NetworkMetrics(metrics, EnumSet.of(ApiKeys.API_VERSIONS)),
            new WarningGate());
    private final List<RequestBudget.Claim> others = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ClientConnection connection;

    ClientConnectionTest() {
        channel.config().setAllocator(memory);
        connection = new ClientConnection(services, channel, ApiCalls.caller());
        channel.pipeline().addLast(connection);
    }

    @AfterEach
    void nothingIsLeft() {
        memory.exhausted = false;
        channel.finishAndReleaseAll();
        others.forEach(budget::release);
        assertThat(budget.usedBytes()).isZero();
        assertThat(memory.source.metric().usedDirectMemory()).isZero();
    }

    @Test
    void closesAndGivesEverythingBackWhenThereIsNoMemoryForTheAnswer() {
        channel.writeInbound(request());
        memory.exhausted = true;

        handler.answer.complete(new ApiVersionsResponseData());
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(budget.usedBytes()).isZero();
        assertThat(memory.source.metric().usedDirectMemory()).isZero();
        assertThat(metrics.render()).contains("reason=\"memory\"} 1");
    }

    @Test
    void closesWhenThereIsNoMemoryForTheRequest() {
        memory.exhausted = true;

        channel.writeInbound(request());

        assertThat(channel.isOpen()).isFalse();
        assertThat(metrics.render()).contains("reason=\"memory\"} 1");
    }

    @Test
    void answersWhenAHandlerEndsWithAnError() {
        handler.error = new StackOverflowError("test");

        channel.writeInbound(request());
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void sendsWhatItAnsweredBeforeItClosesToDrain() {
        var socket = new SlowSocket();
        channel.pipeline().addFirst(socket);
        channel.writeInbound(request());
        connection.drain();

        handler.answer.complete(new ApiVersionsResponseData());
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isTrue();
        socket.take();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.outboundMessages()).isNotEmpty();
    }

    @Test
    void refusesAFrameLargerThanHalfTheBudget() {
        channel.writeInbound(Unpooled.buffer().writeInt((int) BUDGET_BYTES / 2 + 1));

        assertThat(channel.isOpen()).isFalse();
        assertThat(metrics.render()).contains("reason=\"frame_limit\"} 1");
    }

    @Test
    void endsAFrameThatDoesNotComeWhileOthersWait() {
        channel.freezeTime();
        channel.writeInbound(Unpooled.buffer().writeInt(5_000));
        others.add(budget.claim(5_000, () -> {}));
        var waiting = budget.claim(1_000, () -> {});
        others.add(waiting);

        channel.advanceTimeBy(ClientConnection.SLOW_FRAME_S - 1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(budget.isGranted(waiting)).isTrue();
        assertThat(metrics.render()).contains("reason=\"slow_frame\"} 1");
    }

    @Test
    void leavesASlowFrameAloneWhileNobodyWaits() {
        channel.freezeTime();
        channel.writeInbound(Unpooled.buffer().writeInt(5_000));

        channel.advanceTimeBy(2 * ClientConnection.SLOW_FRAME_S, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isTrue();
    }

    private static ByteBuf request() {
        var header = new RequestHeader(ApiKeys.API_VERSIONS, VERSION, "test", 1);
        var fields = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                .buffer();
        var body = MessageUtil.toByteBufferAccessor(new ApiVersionsRequestData(), VERSION)
                .buffer();
        return Unpooled.buffer()
                .writeInt(fields.remaining() + body.remaining())
                .writeBytes(fields)
                .writeBytes(body);
    }

    /** Answers when the test says so. */
    private static final class OneHandler implements ApiHandler<ApiVersionsRequestData, ApiVersionsResponseData> {
        private final CompletableFuture<ApiVersionsResponseData> answer = new CompletableFuture<>();
        private @Nullable Error error;

        @Override
        public ApiKeys key() {
            return ApiKeys.API_VERSIONS;
        }

        @Override
        public CompletionStage<ApiVersionsResponseData> handle(RequestContext context, ApiVersionsRequestData request) {
            if (error != null) {
                throw error;
            }
            return answer;
        }
    }

    /** Direct memory that can be used up. */
    private static final class ScarceMemory extends AbstractByteBufAllocator {
        private final UnpooledByteBufAllocator source = new UnpooledByteBufAllocator(true);
        private boolean exhausted;

        ScarceMemory() {
            super(true);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return source.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (exhausted) {
                throw new OutOfMemoryError("test");
            }
            return source.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    /** Takes nothing until it is told to. */
    private static final class SlowSocket extends ChannelOutboundHandlerAdapter {
        private final List<Runnable> held = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            held.add(() -> ctx.writeAndFlush(message, promise));
        }

        void take() {
            held.forEach(Runnable::run);
            held.clear();
        }
    }
}
