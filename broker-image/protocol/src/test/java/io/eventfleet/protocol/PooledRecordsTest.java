// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PooledRecordsTest {

    @Test
    void aViewOfAFrameHoldsTheWholeFrame() {
        var frame = PooledRecords.copyOf(ByteBuffer.allocate(1000));
        var view = PooledRecords.inFrame(frame, frame.bytes().slice(10, 100));
        assertThat(view.sizeBytes()).isEqualTo(100);
        assertThat(view.heldBytes()).isEqualTo(1000);
        assertThat(frame.heldBytes()).isEqualTo(1000);
        view.release();
        frame.release();
    }
}
