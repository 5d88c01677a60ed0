// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every buffer is given back, whatever clients do: counted in the pool itself, not left to a sampling detector. */
class LeakFreeIT {
    private static final short PRODUCE_VERSION = 12;
    private static final short FETCH_VERSION = 12;

    @TempDir
    Path data;

    @Test
    void givesEveryBufferBack() throws Exception {
        var before = activeBuffers();
        try (var broker = new OneBroker(data, new FakeCluster(), Map.of())) {
            broker.cluster.put("topic", 1);
            for (int round = 0; round < 20; round++) {
                produceAndFetch(broker);
                leaveInTheMiddleOfAFrame(broker);
                leaveWithoutReadingTheAnswer(broker);
                leaveWhileWaiting(broker);
                sendGarbage(broker);
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(activeBuffers()).isLessThanOrEqualTo(before));
    }

    private static void produceAndFetch(OneBroker broker) throws Exception {
        try (var client = new RawClient(broker.port())) {
            client.exchange(ApiKeys.PRODUCE, PRODUCE_VERSION, produce());
            client.exchange(ApiKeys.FETCH, FETCH_VERSION, fetch(0, 0));
        }
    }

    private static void leaveInTheMiddleOfAFrame(OneBroker broker) throws Exception {
        var frame = RawClient.frame(ApiKeys.PRODUCE, PRODUCE_VERSION, produce(), 1);
        try (var client = new RawClient(broker.port())) {
            client.write(Arrays.copyOf(frame, frame.length - 10));
        }
    }

    private static void leaveWithoutReadingTheAnswer(OneBroker broker) throws Exception {
        try (var client = new RawClient(broker.port())) {
            for (int i = 0; i < 20; i++) {
                client.send(ApiKeys.PRODUCE, PRODUCE_VERSION, produce());
                client.send(ApiKeys.FETCH, FETCH_VERSION, fetch(0, 0));
            }
        }
    }

    private static void leaveWhileWaiting(OneBroker broker) throws Exception {
        try (var client = new RawClient(broker.port())) {
            client.send(ApiKeys.FETCH, FETCH_VERSION, fetch(0, 300).setMinBytes(Integer.MAX_VALUE));
            client.send(ApiKeys.PRODUCE, PRODUCE_VERSION, produce());
        }
    }

    private static void sendGarbage(OneBroker broker) throws Exception {
        var frame = RawClient.frame(ApiKeys.PRODUCE, PRODUCE_VERSION, produce(), 1);
        for (int i = 12; i < 40; i++) {
            frame[i] ^= 0x55;
        }
        try (var client = new RawClient(broker.port())) {
            client.write(frame);
        }
    }

    private static long activeBuffers() {
        var arenas = new ArrayList<>(PooledByteBufAllocator.DEFAULT.metric().directArenas());
        return arenas.stream().mapToLong(arena -> arena.numActiveAllocations()).sum();
    }

    private static ProduceRequestData produce() {
        var records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(System.currentTimeMillis(), new byte[20_000]));
        var request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName("topic")
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(records))));
        return request;
    }

    private static FetchRequestData fetch(long offset, int maxWaitMs) {
        return new FetchRequestData()
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic("topic")
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }
}
