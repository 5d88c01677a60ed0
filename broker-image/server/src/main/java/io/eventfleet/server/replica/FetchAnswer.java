// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** An answer to a follower while it is being put together, with the references of the records in it. */
final class FetchAnswer {
    private final Map<UUID, FetchableTopicResponse> topics = new LinkedHashMap<>();
    private final List<RecordBuffer> buffers = new ArrayList<>();
    private int bytes;

    void add(TopicPartitionId id, PartitionData data) {
        topics.computeIfAbsent(id.topicId(), topicId -> new FetchableTopicResponse().setTopicId(Ids.toKafka(topicId)))
                .partitions()
                .add(data);
    }

    /** Adds records, one reference each. */
    void add(TopicPartitionId id, PartitionData data, List<RecordBuffer> records, int recordBytes) {
        buffers.addAll(records);
        bytes += recordBytes;
        add(id, data);
    }

    boolean isEmpty() {
        return topics.isEmpty();
    }

    /** Bytes of records. */
    int bytes() {
        return bytes;
    }

    /** The whole; the references go to the request's context. */
    FetchResponseData toResponse(int sessionId, RequestContext context) {
        buffers.forEach(context::releaseAfterResponse);
        return new FetchResponseData().setSessionId(sessionId).setResponses(new ArrayList<>(topics.values()));
    }

    void release() {
        buffers.forEach(RecordBuffer::release);
    }
}
