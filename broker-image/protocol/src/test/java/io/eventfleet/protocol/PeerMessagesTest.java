// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** Requests that a broker sends and answers that it receives. */
class PeerMessagesTest {
    private static final short VERSION = 17;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final RequestReader reader =
            new RequestReader(new VersionTable(Map.of(ApiKeys.FETCH, VersionRange.allOf(ApiKeys.FETCH))));

    @Test
    void writesRequestsThatTheReaderUnderstands() throws Exception {
        var request = new FetchRequestData()
                .setReplicaState(new ReplicaState().setReplicaId(2).setReplicaEpoch(9))
                .setTopics(List.of(new FetchTopic()
                        .setPartitions(
                                List.of(new FetchPartition().setPartition(3).setFetchOffset(70)))));

        var frame = RequestWriter.write(allocator, ApiKeys.FETCH, VERSION, "broker-2", 41, request);

        assertThat(frame.readInt()).isEqualTo(frame.readableBytes());
        var received = reader.read(frame, caller());
        assertThat(received.context().correlationId()).isEqualTo(41);
        assertThat(received.context().clientId()).isEqualTo("broker-2");
        assertThat(received.body()).isEqualTo(request);
        received.context().close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void sharesTheBytesOfReceivedBatchesWithTheFrame() throws Exception {
        var sent = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes()));
        var frame = answer(sent);

        var received = ResponseReader.read(frame, ApiKeys.FETCH, VERSION);

        assertThat(received.correlationId()).isEqualTo(41);
        var partition = ((FetchResponseData) received.body())
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        RecordBuffer batch = received.records(partition.records());
        received.frame().release();
        assertThat(batch.bytes()).isEqualTo(sent.buffer());
        assertThat(batch.bytes().isDirect()).as("no copy").isTrue();
        batch.release();
        assertThat(frame.refCnt()).isZero();
    }

    @Test
    void refusesAnswersThatAreNone() throws Exception {
        var random = new Random(1);
        var good = answer(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes())));
        for (int length = 0; length < good.readableBytes(); length++) {
            var cut = good.copy(good.readerIndex(), length);
            assertThatThrownBy(() -> ResponseReader.read(cut, ApiKeys.FETCH, VERSION))
                    .as("cut at %d", length)
                    .isInstanceOf(UnreadableResponseException.class);
            assertThat(cut.refCnt()).as("stays with the caller").isEqualTo(1);
            cut.release();
        }
        var longer = Unpooled.wrappedBuffer(good.copy(), Unpooled.wrappedBuffer(new byte[] {1}));
        assertThatThrownBy(() -> ResponseReader.read(longer, ApiKeys.FETCH, VERSION))
                .isInstanceOf(UnreadableResponseException.class);
        for (int i = 0; i < 1_000; i++) {
            var noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            readWhatever(Unpooled.wrappedBuffer(noise));
        }
    }

    /** Noise may happen to be an answer; what it must not do is throw anything else. */
    private static void readWhatever(ByteBuf noise) {
        try {
            ResponseReader.read(noise, ApiKeys.FETCH, VERSION).frame().release();
        } catch (UnreadableResponseException e) {
            assertThat(noise.release()).isTrue();
        }
    }

    private ByteBuf answer(MemoryRecords records) throws UnreadableRequestException {
        var request = RequestWriter.write(allocator, ApiKeys.FETCH, VERSION, "", 41, new FetchRequestData());
        request.skipBytes(Integer.BYTES);
        var context = reader.read(request, caller()).context();
        var frame = ResponseWriter.write(
                allocator,
                context,
                new FetchResponseData()
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setPartitions(List.of(new PartitionData().setRecords(records))))));
        context.close();
        var joined = allocator.directBuffer(frame.readableBytes()).writeBytes(frame);
        frame.release();
        return joined.skipBytes(Integer.BYTES);
    }

    private static RequestContext.Caller caller() {
        return new RequestContext.Caller(
                "1", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS, "internal", "unknown", "unknown");
    }
}
