// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.log.RecordBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Several stored batches as one RECORDS field of a response, without joining them. Holds no reference of its own: hand
 * the buffers to {@link RequestContext#releaseAfterResponse} as well.
 *
 * @param parts whole batches in offset order
 * @param sizeInBytes sum of their sizes
 */
public record StoredBatches(List<RecordBuffer> parts, int sizeInBytes) implements BaseRecords {

    /** No records; never null, because some clients fail on a length of -1. */
    public static BaseRecords none() {
        return MemoryRecords.EMPTY;
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("responses are written by ResponseWriter");
    }
}
