// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final short FETCH_VERSION = 12;
    private static final short PRODUCE_VERSION = 9;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final VersionTable versions = new VersionTable(Map.of(
            ApiKeys.FETCH, VersionRange.allOf(ApiKeys.FETCH),
            ApiKeys.PRODUCE, VersionRange.allOf(ApiKeys.PRODUCE)));
    private final RequestReader reader = new RequestReader(versions);

    @Test
    void sharesTheBytesOfProducedBatchesWithTheFrame() throws Exception {
        var sent = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes()));
        var request = new ProduceRequestData().setAcks((short) 1);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName("topic")
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(sent))));
        var frame = frame(ApiKeys.PRODUCE, PRODUCE_VERSION, request);
        var received = reader.read(frame, caller());
        var body = (ProduceRequestData) received.body();
        var records =
                body.topicData().iterator().next().partitionData().getFirst().records();

        var batch = PooledRecords.inFrame(received.context(), records);
        received.context().close();
        assertThat(frame.refCnt()).isEqualTo(1);
        assertThat(batch.bytes()).isEqualTo(sent.buffer());

        batch.bytes().putLong(0, 42);
        assertThat(MemoryRecords.readableRecords(batch.bytes())
                        .batches()
                        .iterator()
                        .next()
                        .baseOffset())
                .isEqualTo(42);
        batch.release();
        assertThat(frame.refCnt()).isZero();
    }

    @Test
    void writesSeveralStoredBatchesAsOneFieldWithoutCopying() throws Exception {
        var context = reader.read(frame(ApiKeys.FETCH, FETCH_VERSION, new FetchRequestData()), caller())
                .context();
        List<RecordBuffer> stored = List.of(stored("a"), stored("b"), stored("c"));
        int size = stored.stream().mapToInt(RecordBuffer::sizeBytes).sum();
        var partition = new FetchResponseData.PartitionData().setRecords(new StoredBatches(stored, size));
        var response = new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("topic")
                        .setPartitions(List.of(partition))));

        var written = ResponseWriter.write(allocator, context, response);

        assertThat(written.readInt()).isEqualTo(written.readableBytes());
        var bytes = new ByteBufferAccessor(copy(written));
        assertThat(new ResponseHeaderData(bytes, (short) 1).correlationId()).isEqualTo(7);
        var readBack = (MemoryRecords) new FetchResponseData(bytes, FETCH_VERSION)
                .responses()
                .getFirst()
                .partitions()
                .getFirst()
                .records();
        assertThat(values(readBack)).containsExactly("a", "b", "c");
        written.release();
        stored.forEach(context::releaseAfterResponse);
        context.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void refusesVersionsThatAreNotOffered() {
        var offered = new RequestReader(
                new VersionTable(Map.of(ApiKeys.FETCH, VersionRange.upTo(ApiKeys.FETCH, FETCH_VERSION))));
        var frame = frame(ApiKeys.FETCH, (short) 13, new FetchRequestData());

        assertThatThrownBy(() -> offered.read(frame, caller()))
                .isInstanceOf(UnreadableRequestException.class)
                .hasMessageContaining("Fetch version 13");
        assertThat(frame.refCnt()).isEqualTo(1);
    }

    @Test
    void answersAFailureInEveryPart() throws Exception {
        var request = new FetchRequestData()
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic("topic")
                        .setPartitions(List.of(new FetchRequestData.FetchPartition().setPartition(3)))));
        var context = reader.read(frame(ApiKeys.FETCH, FETCH_VERSION, request), caller())
                .context();

        var answer = (FetchResponseData)
                RequestReader.errorResponse(context, new org.apache.kafka.common.errors.KafkaStorageException("disk"));

        assertThat(answer.errorCode()).isEqualTo(ErrorCodes.code(io.eventfleet.core.KafkaError.KAFKA_STORAGE_ERROR));
    }

    @Test
    void offersNothingUnstable() {
        assertThatThrownBy(() ->
                        new VersionTable(Map.of(ApiKeys.INIT_PRODUCER_ID, new VersionRange((short) 0, (short) 6))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RecordBuffer stored(String value) {
        var records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value.getBytes()));
        return PooledRecords.owning(
                allocator.directBuffer(records.sizeInBytes()).writeBytes(records.buffer()));
    }

    private static List<String> values(MemoryRecords records) {
        var values = new ArrayList<String>();
        for (Record record : records.records()) {
            var value = new byte[record.valueSize()];
            record.value().get(value);
            values.add(new String(value));
        }
        return values;
    }

    private static ByteBuffer copy(ByteBuf bytes) {
        var copy = ByteBuffer.allocate(bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), copy);
        return copy.flip();
    }

    private static ByteBuf frame(ApiKeys key, short version, ApiMessage body) {
        var header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(7)
                .setClientId("test");
        return Unpooled.copiedBuffer(
                MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version))
                        .buffer(),
                MessageUtil.toByteBufferAccessor(body, version).buffer());
    }

    private static RequestContext.Caller caller() {
        return new RequestContext.Caller(
                "1", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS, "plain", "unknown", "unknown");
    }
}
