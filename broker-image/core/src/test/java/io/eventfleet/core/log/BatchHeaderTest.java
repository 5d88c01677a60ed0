// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BatchHeaderTest {

    @Test
    void readsAllFieldsAtAPosition() {
        var batch = BatchBuilder.batch(3).producer(7, 2, 40).attributes(0x10).build();
        var shifted = ByteBuffer.allocate(batch.remaining() + 9).position(9).put(batch);
        var header = BatchHeader.at(shifted.flip(), 9);
        assertThat(header.position()).isEqualTo(9);
        assertThat(header.magic()).isEqualTo((byte) 2);
        assertThat(header.sizeBytes()).isEqualTo(shifted.limit() - 9);
        assertThat(header.lastOffset()).isEqualTo(2);
        assertThat(header.recordCount()).isEqualTo(3);
        assertThat(header.producerId()).isEqualTo(7);
        assertThat(header.producerEpoch()).isEqualTo((short) 2);
        assertThat(header.baseSequence()).isEqualTo(40);
        assertThat(header.baseTimestamp()).isEqualTo(BatchBuilder.NOW_MS);
        assertThat(header.maxTimestamp()).isEqualTo(BatchBuilder.NOW_MS + 2);
        assertThat(header.isTransactional()).isTrue();
        assertThat(header.isControl()).isFalse();
        assertThat(header.compressionId()).isZero();
        assertThat(header.crc()).isEqualTo(header.computeCrc());
    }

    @Test
    void patchesOffsetAndEpochWithoutTouchingTheChecksum() {
        var header = BatchHeader.at(BatchBuilder.batch(2).build(), 0);
        long crc = header.crc();
        header.patchBaseOffset(100);
        header.patchPartitionLeaderEpoch(8);
        assertThat(header.baseOffset()).isEqualTo(100);
        assertThat(header.lastOffset()).isEqualTo(101);
        assertThat(header.partitionLeaderEpoch()).isEqualTo(8);
        assertThat(header.crc()).isEqualTo(crc).isEqualTo(header.computeCrc());
    }

    @Test
    void renewsTheChecksumWhenItStampsAppendTime() {
        var header = BatchHeader.at(BatchBuilder.batch(2).attributes(3).build(), 0);
        header.stampAppendTime(5000);
        assertThat(header.isAppendTime()).isTrue();
        assertThat(header.compressionId()).isEqualTo(3);
        assertThat(header.maxTimestamp()).isEqualTo(5000);
        assertThat(header.crc()).isEqualTo(header.computeCrc());
    }

    @Test
    void refusesToLookPastTheBuffer() {
        assertThatThrownBy(() -> BatchHeader.at(ByteBuffer.allocate(60), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BatchHeader.at(ByteBuffer.allocate(100), -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
