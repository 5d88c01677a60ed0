// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.core.log.RecordBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * What was read of one partition.
 *
 * @param target what was wanted
 * @param data the answer, without the records' references
 * @param buffers the records, one reference each
 * @param bytes their size
 */
record FetchResult(FetchTarget target, PartitionData data, List<RecordBuffer> buffers, int bytes) {

    void release() {
        buffers.forEach(RecordBuffer::release);
    }
}
