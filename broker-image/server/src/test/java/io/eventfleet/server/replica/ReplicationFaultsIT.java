// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestWriter;
import io.eventfleet.protocol.ResponseReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What replication does with lost connections, liars, garbage and logs that must not be cut. */
class ReplicationFaultsIT {
    @TempDir
    Path folder;

    private ReplicaFleet fleet;

    private ReplicaFleet start(int brokers, Map<String, String> settings) throws IOException {
        fleet = new ReplicaFleet(folder, brokers, settings);
        return fleet;
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void connectsAgainWhenTheLeaderIsElsewhereForAWhile() throws Exception {
        start(2, Map.of());
        var id = topic(1, 0, 1);
        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() -> assertSame(id, 0, 1));
        var address = fleet.image().brokers().get(0).internal();

        fleet.reregister(0, before -> at(before, new Endpoint("127.0.0.1", 1)));
        soon().untilAsserted(() -> assertThat(fleet.broker(1).metric("eventfleet_replica_leader_connected"))
                .isZero());
        fleet.broker(0).append(id, "b");
        fleet.reregister(0, before -> at(before, address));

        soon().untilAsserted(() -> assertSame(id, 0, 1));
    }

    @Test
    void goesOnAfterEitherEndWasStartedAnew() throws Exception {
        start(2, Map.of());
        var id = topic(1, 0, 1);
        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() -> assertSame(id, 0, 1));

        fleet.stop(1);
        fleet.broker(0).append(id, "b");
        fleet.restart(1);
        soon().untilAsserted(() -> assertSame(id, 0, 1));

        fleet.stop(0);
        fleet.elect(id, 1, List.of(1));
        soon().until(() -> fleet.broker(1).led(id) != null);
        fleet.broker(1).append(id, "c");
        fleet.restart(0);
        soon().untilAsserted(() -> assertSame(id, 1, 0));
        assertThat(fleet.broker(0).batches(id)).hasSize(3);
    }

    @Test
    void beginsAnewWhereTheLeaderHasDeletedRecords() throws Exception {
        start(2, Map.of());
        var id = topic(1, 0, 1);
        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() -> assertSame(id, 0, 1));
        fleet.stop(1);
        fleet.elect(id, 0, List.of(0));
        soon().until(() -> fleet.broker(0).led(id) != null);
        fleet.broker(0).append(id, "b");
        fleet.broker(0).append(id, "c", "d");
        fleet.broker(0).append(id, "e");
        fleet.broker(0).log(id).deleteRecordsBefore(3).toCompletableFuture().join();

        fleet.restart(1);

        soon().untilAsserted(
                        () -> assertThat(fleet.broker(1).log(id).logEndOffset()).isEqualTo(5));
        assertThat(fleet.broker(1).log(id).logStartOffset()).isEqualTo(3);
        assertThat(fleet.broker(1).batches(id)).isEqualTo(fleet.broker(0).batches(id));
    }

    @Test
    void failsRatherThanRemoveWhatIsCommittedUntilAnUncleanElectionExplainsIt() throws Exception {
        start(3, Map.of());
        fleet.grant(false);
        var id = committedOnTwoThenWipedOnTheLeader(2);

        fleet.elect(id, 0, List.of(0));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(1).metric("eventfleet_replicas_failed")).isEqualTo(1));
        assertThat(fleet.broker(1).batches(id)).hasSize(1);

        fleet.elect(id, 0, List.of(0), true);
        soon().until(() -> fleet.broker(0).led(id) != null);
        fleet.broker(0).append(id, "anew");
        soon().untilAsserted(() -> assertSame(id, 0, 1));
        assertThat(fleet.broker(1).metric("eventfleet_replicas_failed")).isZero();
    }

    @Test
    void aFailedReplicaBeginsAnewWhereItIsNotNeeded() throws Exception {
        start(2, Map.of());
        fleet.grant(false);
        var id = committedOnTwoThenWipedOnTheLeader(1);

        fleet.elect(id, 0, List.of(0));
        soon().until(() -> fleet.broker(0).led(id) != null);
        fleet.broker(0).append(id, "anew");

        soon().untilAsserted(() -> assertSame(id, 0, 1));
    }

    /** Broker 1 knows a record to be committed, of which broker 0, on a new disk, has never heard. */
    private TopicPartitionId committedOnTwoThenWipedOnTheLeader(int minIsr) throws Exception {
        var id = topic(minIsr, 0, 1);
        fleet.broker(0).append(id, "committed");
        soon().untilAsserted(() -> assertSame(id, 0, 1));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(1));
        fleet.elect(id, 1, List.of(0, 1));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(1).led(id).highWatermark()).isEqualTo(1));
        fleet.stop(0);
        wipe(fleet.folder(0));
        fleet.restart(0);
        return id;
    }

    @Test
    void anIdlePartitionCostsNothingAndANewOneDoesNotWait() throws Exception {
        start(2, Map.of("replica.fetch.wait.max.ms", "4000"));
        var idle = fleet.topic(50, 1, 0, 1);
        var one = new TopicPartitionId(idle, 7);
        soon().until(() -> fleet.broker(0).led(one) != null);
        fleet.broker(0).append(one, "a");
        soon().untilAsserted(() -> assertSame(one, 0, 1));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(one).highWatermark()).isEqualTo(1));

        // Every fetch that waits out its time takes 4 s: more than a few answers in between would be answers about
        // nothing.
        long before = fleet.broker(0).metric("eventfleet_replica_fetches_served_total");
        long begun = System.nanoTime();
        soon().until(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(2));
        assertThat(fleet.broker(0).metric("eventfleet_replica_fetches_served_total") - before)
                .isLessThanOrEqualTo(3);

        long created = System.nanoTime();
        var id = topic(1, 0, 1);
        fleet.broker(0).append(id, "b");
        soon().untilAsserted(() -> assertSame(id, 0, 1));
        assertThat(Duration.ofNanos(System.nanoTime() - created)).isLessThan(Duration.ofMillis(3_500));
    }

    @Test
    void doesNotCountTheFetchesOfLiars() throws Exception {
        start(3, Map.of());
        var id = topic(2, 0, 1);
        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(1));
        long epoch = fleet.image().brokers().get(2).epoch();

        try (var stale = new RawPeer(fleet, 2, 0)) {
            assertThat(stale.exchange(fetch(2, epoch - 1, id, 0)).errorCode())
                    .as("another incarnation")
                    .isEqualTo(Errors.STALE_BROKER_EPOCH.code());
            assertThat(stale.exchange(fetch(2, epoch, id, 0))
                            .responses()
                            .getFirst()
                            .partitions()
                            .getFirst()
                            .errorCode())
                    .as("not a replica")
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
            assertThat(stale.exchange(fetch(1, epoch, id, 9)).errorCode())
                    .as("in another broker's name")
                    .isEqualTo(Errors.INVALID_REQUEST.code());
            soon().until(() -> !stale.channel.isActive());
        }
        fleet.broker(0).append(id, "b");
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(2));
    }

    @Test
    void closesConnectionsOfFollowersThatSpeakGarbage() throws Exception {
        start(3, Map.of());
        var id = topic(2, 0, 1);

        for (var garbage : List.of(
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 0, 0, 0},
                new byte[] {-1, -1, -1, -1},
                new byte[] {0, 0, 0, 4, 1, 2, 3, 4})) {
            try (var peer = new RawPeer(fleet, 2, 0)) {
                peer.channel.writeAndFlush(Unpooled.wrappedBuffer(garbage));
                soon().until(() -> !peer.channel.isActive());
            }
        }

        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(1));
    }

    @Test
    void survivesALeaderThatAnswersGarbage() throws Exception {
        start(2, Map.of());
        var id = topic(1, 0, 1);
        fleet.broker(0).append(id, "a");
        soon().untilAsserted(() -> assertSame(id, 0, 1));

        var asked = new AtomicInteger();
        fleet.broker(0).transport().acceptWith((channel, peer) -> channel.pipeline()
                .addLast(new Babbler(asked)));
        var address = fleet.image().brokers().get(0).internal();
        fleet.reregister(0, before -> at(before, new Endpoint("127.0.0.1", 1)));
        fleet.reregister(0, before -> at(before, address));
        soon().until(() -> asked.get() >= 4);
        fleet.broker(0).append(id, "b");
        fleet.broker(0).serveFollowers();

        soon().untilAsserted(() -> assertSame(id, 0, 1));
    }

    /** Answers every request with something else that is not an answer. */
    private static final class Babbler extends ChannelInboundHandlerAdapter {
        private static final List<byte[]> WORDS = List.of(
                new byte[] {0, 0, 0, 3, 1, 2, 3},
                new byte[] {127, -1, -1, -1},
                new byte[] {0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        private final AtomicInteger asked;

        Babbler(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
            context.writeAndFlush(Unpooled.wrappedBuffer(WORDS.get(asked.getAndIncrement() % WORDS.size())));
        }
    }

    /** A connection of one broker to another, over which a test says what it wants. */
    private static final class RawPeer implements AutoCloseable {
        private final LinkedBlockingQueue<ByteBuf> frames = new LinkedBlockingQueue<>();
        private final Channel channel;
        private int correlationId;

        RawPeer(ReplicaFleet fleet, int from, int to) throws Exception {
            var transport = fleet.broker(from).transport();
            channel = transport
                    .open(fleet.image().brokers().get(to).internal(), transport.loop())
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS)
                    .channel();
            channel.pipeline().addLast(new FrameCutter(1 << 20)).addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object frame) {
                    frames.add((ByteBuf) frame);
                }
            });
            channel.config().setAutoRead(true);
        }

        FetchResponseData exchange(FetchRequestData request) throws Exception {
            channel.writeAndFlush(RequestWriter.write(
                    UnpooledByteBufAllocator.DEFAULT,
                    ApiKeys.FETCH,
                    ReplicaWire.FETCH_VERSION,
                    "raw",
                    ++correlationId,
                    request));
            var frame = frames.poll(10, TimeUnit.SECONDS);
            assertThat(frame).as("an answer").isNotNull();
            var answer = ResponseReader.read(frame, ApiKeys.FETCH, ReplicaWire.FETCH_VERSION);
            assertThat(answer.correlationId()).isEqualTo(correlationId);
            answer.frame().release();
            return (FetchResponseData) answer.body();
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    private static FetchRequestData fetch(int replicaId, long brokerEpoch, TopicPartitionId id, long offset) {
        return new FetchRequestData()
                .setReplicaState(new ReplicaState().setReplicaId(replicaId).setReplicaEpoch(brokerEpoch))
                .setMaxBytes(1 << 20)
                .setSessionEpoch(ReplicaWire.FIRST_EPOCH)
                .setTopics(List.of(new FetchTopic()
                        .setTopicId(Ids.toKafka(id.topicId()))
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(id.partition())
                                .setCurrentLeaderEpoch(1)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    private static BrokerInfo at(BrokerInfo broker, Endpoint address) {
        return new BrokerInfo(
                broker.id(),
                broker.epoch(),
                broker.incarnation(),
                broker.listeners(),
                address,
                broker.rack(),
                broker.state());
    }

    private static void wipe(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private TopicPartitionId topic(int minIsr, Integer... replicas) {
        var id = new TopicPartitionId(fleet.topic(1, minIsr, replicas), 0);
        soon().until(() -> fleet.broker(replicas[0]).led(id) != null);
        return id;
    }

    private void assertSame(TopicPartitionId id, int first, int... others) {
        var expected = fleet.broker(first).batches(id);
        assertThat(expected).isNotEmpty();
        for (int other : others) {
            assertThat(fleet.broker(other).hasLog(id)).isTrue();
            assertThat(fleet.broker(other).batches(id)).as("broker %d", other).isEqualTo(expected);
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }
}
