// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTransportIT {
    private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);
    private static final TransportSettings QUICK = new TransportSettings(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            1 << 20,
            1 << 20,
            256);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var resource : open.reversed()) {
            resource.close();
        }
    }

    @Test
    void deliversMessagesInOrder() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        var sender = new Peer(0, "ns/orders");

        for (long epoch = 0; epoch < 100; epoch++) {
            sender.transport.send(
                    receiver.address,
                    sender.says(1, new Message.Heartbeat(epoch, vector(), new TreeSet<>(), new TreeSet<>())));
        }

        for (long epoch = 0; epoch < 100; epoch++) {
            assertThat(receiver.next())
                    .isEqualTo(
                            sender.says(1, new Message.Heartbeat(epoch, vector(), new TreeSet<>(), new TreeSet<>())));
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        var sender = new Peer(0, "ns/orders");
        var closedPort = freePort();

        sender.transport.send(closedPort, sender.says(1, new Message.Ping()));

        await().untilAsserted(() -> assertThat(sender.failures).containsExactly(new Failure(1, closedPort, true)));
    }

    @Test
    void tellsThatAConnectionEndedAndOpensAnother() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        var sender = new Peer(0, "ns/orders");
        sender.transport.send(receiver.address, sender.says(1, new Message.Ping()));
        receiver.next();

        receiver.transport.close();
        await().untilAsserted(() -> assertThat(sender.failures).contains(new Failure(1, receiver.address, false)));
        var successor = new Peer(1, "ns/orders", receiver.address);

        await().untilAsserted(() -> {
            sender.transport.send(receiver.address, sender.says(1, new Message.Ping()));
            assertThat(successor.received).isNotEmpty();
        });
    }

    @Test
    void refusesAnotherCluster() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        var stranger = new Peer(0, "ns/billing");

        stranger.transport.send(receiver.address, stranger.says(1, new Message.Ping()));

        // Never identified, so no connection that was established has ended, and nothing was delivered.
        var friend = new Peer(2, "ns/orders");
        friend.transport.send(receiver.address, friend.says(1, new Message.RegisterAgain(1)));
        assertThat(receiver.next()).isEqualTo(friend.says(1, new Message.RegisterAgain(1)));
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void refusesAMessageInSomebodyElsesName() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        var liar = new Peer(0, "ns/orders");
        var inAnothersName = new Envelope(7, liar.incarnation, 1, -1, 1, null, new Message.Ping());

        liar.transport.send(receiver.address, inAnothersName);

        await().untilAsserted(() -> assertThat(liar.failures).containsExactly(new Failure(1, receiver.address, false)));
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void givesUpAConnectionIntoNowhere() throws Exception {
        var sender = new Peer(0, "ns/orders");
        try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new Endpoint("127.0.0.1", mute.getLocalPort());
            sender.transport.send(address, sender.says(1, new Message.Ping()));
            var accepted = mute.accept();
            open.add(accepted);
            greet(accepted);

            await().untilAsserted(() -> assertThat(sender.failures).containsExactly(new Failure(1, address, false)));
        }
    }

    @Test
    void closesAConnectionThatSpeaksGarbage() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        try (var socket = new Socket(receiver.address.host(), receiver.address.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(drain(socket)).isTrue();
        }
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void opensConnectionsForReplicationBetweenBrokersThatKnowEachOther() throws Exception {
        var leader = new Peer(1, "ns/orders");
        var follower = new Peer(0, "ns/orders");
        var accepted = new LinkedBlockingQueue<PeerIdentity>();
        leader.transport.acceptWith((channel, peer) -> {
            accepted.add(peer);
            channel.pipeline().addLast(new Echo());
        });

        var opened = follower.transport
                .open(leader.address, follower.transport.loop())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        var echoed = new LinkedBlockingQueue<String>();
        opened.channel().pipeline().addLast(new Listening(echoed));
        opened.channel().config().setAutoRead(true);
        opened.channel().writeAndFlush(Unpooled.copiedBuffer("raw bytes", StandardCharsets.US_ASCII));

        assertThat(accepted.poll(5, TimeUnit.SECONDS)).isEqualTo(follower.identity("ns/orders"));
        assertThat(opened.peer()).isEqualTo(leader.identity("ns/orders"));
        assertThat(echoed.poll(5, TimeUnit.SECONDS)).isEqualTo("raw bytes");
        assertThat(leader.received).isEmpty();
    }

    @Test
    void passesOnWhatCameTogetherWithTheHello() throws Exception {
        var leader = new Peer(1, "ns/orders");
        var heard = new LinkedBlockingQueue<String>();
        leader.transport.acceptWith((channel, peer) -> channel.pipeline().addLast(new Listening(heard)));
        try (var socket = new Socket(leader.address.host(), leader.address.port())) {
            var hello = hello(",\"purpose\":\"replication\"");
            var bytes = ByteBuffer.allocate(hello.length + 9);
            bytes.putInt(hello.length).put(hello).put("early".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes.array());

            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("early");
        }
    }

    @Test
    void refusesAPurposeThatItDoesNotKnow() throws Exception {
        var receiver = new Peer(1, "ns/orders");
        receiver.transport.acceptWith((channel, peer) -> channel.pipeline().addLast(new Echo()));
        try (var socket = new Socket(receiver.address.host(), receiver.address.port())) {
            socket.setSoTimeout(5000);
            var hello = hello(",\"purpose\":\"teleport\"");
            new DataOutputStream(socket.getOutputStream()).writeInt(hello.length);
            socket.getOutputStream().write(hello);

            assertThat(drain(socket)).isTrue();
        }
    }

    @Test
    void refusesReplicationBeforeItIsServed() throws Exception {
        var leader = new Peer(1, "ns/orders");
        var follower = new Peer(0, "ns/orders");

        var opened = follower.transport.open(leader.address, follower.transport.loop());
        opened.thenAccept(connection -> connection.channel().config().setAutoRead(true));

        // Both hellos cross, so the opener may have its connection for a moment.
        await().untilAsserted(() -> assertThat(opened.toCompletableFuture())
                .satisfiesAnyOf(done -> assertThat(done).isCompletedExceptionally(), done -> assertThat(
                                done.getNow(null).channel().isActive())
                        .isFalse()));
    }

    @Test
    void failsToOpenAConnectionToAnotherClusterOrIntoNowhere() throws Exception {
        var stranger = new Peer(1, "ns/billing");
        var follower = new Peer(0, "ns/orders");
        stranger.transport.acceptWith((channel, peer) -> {});

        assertThat(follower.transport.open(stranger.address, follower.transport.loop()))
                .failsWithin(Duration.ofSeconds(5));
        assertThat(follower.transport.open(freePort(), follower.transport.loop()))
                .failsWithin(Duration.ofSeconds(5));
        try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(follower.transport.open(
                            new Endpoint("127.0.0.1", mute.getLocalPort()), follower.transport.loop()))
                    .failsWithin(Duration.ofSeconds(5));
        }
    }

    /** Sends back what it reads. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }
    }

    /** Collects what it reads as text. */
    private static final class Listening extends SimpleChannelInboundHandler<ByteBuf> {
        private final LinkedBlockingQueue<String> heard;

        Listening(LinkedBlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            heard.add(bytes.toString(StandardCharsets.US_ASCII));
        }
    }

    private static boolean drain(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // the greeting, then the end
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void greet(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        in.readNBytes(in.readInt());
        var hello = hello("");
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(hello.length);
        out.write(hello);
    }

    private static byte[] hello(String moreFields) {
        return ("{\"frame\":\"hello\",\"cluster\":\"ns/orders\",\"brokerId\":1,\"incarnation\":\"" + UUID.randomUUID()
                        + "\"" + moreFields + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Endpoint freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint("127.0.0.1", socket.getLocalPort());
        }
    }

    private static VersionVector vector() {
        return VersionVector.NOTHING;
    }

    private record Failure(int brokerId, Endpoint address, boolean refused) {}

    private final class Peer implements PeerListener {
        final UUID incarnation = UUID.randomUUID();
        final int id;
        final LinkedBlockingQueue<Envelope> received = new LinkedBlockingQueue<>();
        final List<Failure> failures = new CopyOnWriteArrayList<>();
        final PeerTransport transport;
        final Endpoint address;

        Peer(int id, String cluster) throws IOException {
            this(id, cluster, ANY_PORT);
        }

        Peer(int id, String cluster, Endpoint listenOn) throws IOException {
            this.id = id;
            transport = new PeerTransport(QUICK, new PeerIdentity(cluster, id, incarnation), this);
            open.add(transport);
            address = new Endpoint("127.0.0.1", transport.listen(listenOn).getPort());
        }

        PeerIdentity identity(String cluster) {
            return new PeerIdentity(cluster, id, incarnation);
        }

        Envelope says(int to, Message message) {
            return new Envelope(id, incarnation, 1, -1, to, null, message);
        }

        Envelope next() throws InterruptedException {
            var envelope = received.poll(10, TimeUnit.SECONDS);
            assertThat(envelope).isNotNull();
            return envelope;
        }

        @Override
        public void onMessage(Envelope envelope) {
            received.add(envelope);
        }

        @Override
        public void onFailure(int brokerId, Endpoint failed, boolean refused, long attemptedAtNanos) {
            failures.add(new Failure(brokerId, failed, refused));
        }
    }
}
