// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.Retention;
import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailCacheTest {

    private final TailCache cache = new TailCache(1 << 20, PooledByteBufAllocator.DEFAULT);

    private static PartitionState partition(int handle) {
        return new PartitionState(
                handle,
                new PartitionRow(
                        TestStore.id(1, handle),
                        0,
                        new PartitionRow.Offsets(0, 0, 0),
                        0,
                        0,
                        RetentionClass.of(new Retention(-1, -1)),
                        null));
    }

    private static List<BatchHeader> headers(ByteBuffer bytes) {
        var headers = new ArrayList<BatchHeader>();
        int position = bytes.position();
        long offset = 0;
        while (position < bytes.limit()) {
            var header = BatchHeader.at(bytes, position);
            header.patchBaseOffset(offset);
            offset = header.lastOffset() + 1;
            position += header.sizeBytes();
            headers.add(header);
        }
        return headers;
    }

    @Test
    void copiesABatchInsteadOfKeepingAMuchLargerBuffer() {
        var batch = Batches.records(1, 100);
        var whole = CountedBuffer.direct(Batches.together(batch, batch, batch));
        var partition = partition(1);

        cache.add(partition, whole, headers(whole.bytes()));

        assertThat(whole.references()).isEqualTo(1);
        var read = cache.read(partition, new ReadRequest(1, TestStore.ALL, 1, true))
                .orElseThrow();
        assertThat(read.nextOffset()).isEqualTo(2);
        int size = batch.remaining();
        assertThat(read.buffers().getFirst().bytes()).isEqualTo(whole.bytes().slice(size, size));
        read.buffers().forEach(RecordBuffer::release);
        cache.close();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void chargesEveryEntryForItsObjectsAndRefundsTheSame() {
        var buffer = CountedBuffer.direct(Batches.records(1, 1));
        var headers = headers(buffer.bytes());
        for (int i = 0; i < 10_000; i++) {
            cache.add(partition(i), buffer, headers);
        }
        assertThat(cache.tickets())
                .isEqualTo((1 << 20) / (buffer.sizeBytes() + PartitionTail.ENTRY_BYTES))
                .isEqualTo(buffer.references() - 1);
        cache.close();
        assertThat(cache.bytes()).isZero();
        assertThat(buffer.references()).isEqualTo(1);
    }

    @Test
    void remembersNoMoreThanAFewForgottenPartitions() {
        var buffer = CountedBuffer.direct(Batches.records(1, 1));
        var headers = headers(buffer.bytes());
        for (int i = 0; i < 20_000; i++) {
            var partition = partition(i);
            cache.add(partition, buffer, headers);
            cache.forget(partition);
        }
        assertThat(cache.bytes()).isZero();
        assertThat(cache.tickets()).isLessThan(5_000);
        assertThat(buffer.references()).isEqualTo(1);
        cache.close();
    }
}
