// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.server.network.FrameAssembler.Frame;
import io.eventfleet.server.network.FrameAssembler.FrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameAssemblerTest {
    private static final int MAX_FRAME_BYTES = 1_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final RequestBudget budget = new RequestBudget(1_000, 0);
    private final FrameAssembler frames = new FrameAssembler(allocator, MAX_FRAME_BYTES, budget, () -> {});

    @AfterEach
    void nothingIsLeft() {
        frames.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void cutsFramesWhereverTheBytesAreSplit() throws Exception {
        var stream = allocator.buffer();
        for (int size : List.of(5, 0, 300, 1)) {
            stream.writeInt(size).writeZero(size);
        }
        for (int step : List.of(1, 3, 7, 1_000)) {
            var sizes = new ArrayList<Integer>();
            var source = stream.duplicate();
            while (source.isReadable()) {
                frames.add(copy(source.readSlice(Math.min(step, source.readableBytes()))));
                for (var frame = frames.next(); frame != null; frame = frames.next()) {
                    sizes.add(frame.bytes().readableBytes());
                    giveBack(frame);
                }
            }
            assertThat(sizes).containsExactly(5, 0, 300, 1);
        }
        stream.release();
    }

    @Test
    void refusesAFrameOverTheLimitBeforeAllocatingIt() {
        frames.add(Unpooled.buffer().writeInt(MAX_FRAME_BYTES + 1));

        assertThatThrownBy(frames::next)
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("socket.request.max.bytes");
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void refusesANegativeLength() {
        frames.add(Unpooled.buffer().writeInt(-1));

        assertThatThrownBy(frames::next).isInstanceOf(FrameException.class);
    }

    @Test
    void allocatesNothingWhileTheBudgetIsUsedUp() throws Exception {
        var other = budget.claim(900, () -> {});
        frames.add(Unpooled.buffer().writeInt(200).writeZero(200));

        assertThat(frames.next()).isNull();
        assertThat(frames.isWaitingForBudget()).isTrue();
        assertThat(allocator.metric().usedDirectMemory()).isZero();

        budget.release(other);
        var frame = frames.next();
        assertThat(frame).isNotNull();
        giveBack(frame);
    }

    @Test
    void givesEverythingBackWhenItIsClosedInsideAFrame() throws Exception {
        frames.add(Unpooled.buffer().writeInt(200).writeZero(50));

        assertThat(frames.next()).isNull();
        assertThat(frames.isInsideFrame()).isTrue();
    }

    private ByteBuf copy(ByteBuf bytes) {
        return Unpooled.copiedBuffer(bytes);
    }

    private void giveBack(Frame frame) {
        frame.bytes().release();
        budget.release(frame.claim());
    }
}
