// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.ResponseReader.ReceivedResponse;
import io.eventfleet.server.cluster.transport.ReplicationConnector.Opened;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that this broker copies from one leader: one connection, one incremental session, one request at a time. The
 * next request goes out when all that the last answer brought is durable; only when there are partitions to tell of while
 * the leader waits for news, another one ends its wait. What is wrong with one partition pauses that partition.
 *
 * <p>Confined to one event loop, on which the methods for other threads only put a task.
 */
final class LeaderPipeline implements LeaderConnection.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderPipeline.class);

    /** For how long a slow append holds up the other partitions of the same leader, in ms. */
    private static final long PATIENCE_MS = 200;

    private final int leaderId;
    private final FetchServices services;
    private final EventLoop loop;
    private final AnswerWork work;
    private final FetchRequests requests;
    private final Backoff backoff;

    /** Read by metrics; changed on the event loop. */
    private final Map<TopicPartitionId, FollowedPartition> partitions = new ConcurrentHashMap<>();

    private final Map<TopicPartitionId, FollowedPartition> toTell = new LinkedHashMap<>();
    private volatile @Nullable LeaderConnection connection;
    private @Nullable BrokerInfo connectedTo;
    private boolean connecting;
    private boolean paused;
    private boolean driving;
    private boolean closed;
    private int atWork;
    private boolean patient;
    private long patienceEndsNanos;

    LeaderPipeline(int leaderId, FetchServices services) {
        this.leaderId = leaderId;
        this.services = services;
        this.loop = services.connector().loop();
        this.work = new AnswerWork(services.metrics(), this::execute);
        this.requests = new FetchRequests(services.brokerId(), services.settings());
        this.backoff = new Backoff(services.settings().backoffMax());
        services.metrics().leader(leaderId, () -> connection != null);
    }

    /** Begins to copy a partition. Any thread. */
    void add(FollowedPartition partition) {
        execute(() -> {
            partitions.put(partition.id(), partition);
            tellSoon(partition);
        });
    }

    /** Stops copying a partition. Any thread. */
    CompletableFuture<Void> remove(TopicPartitionId id) {
        var stopped = new CompletableFuture<Void>();
        if (!execute(() -> {
            var partition = partitions.remove(id);
            toTell.remove(id);
            requests.forget(id);
            if (partition == null) {
                stopped.complete(null);
            } else {
                partition.stop(stopped);
            }
            driveSoon();
        })) {
            stopped.complete(null);
        }
        return stopped;
    }

    /** Another image: the leader may be elsewhere, or this broker another incarnation. Any thread. */
    void onImage(ClusterImage image) {
        execute(() -> {
            var open = connection;
            if (open != null
                    && connectedTo != null
                    && !isSame(connectedTo, image.brokers().get(leaderId))) {
                open.close();
            }
            partitions.values().forEach(partition -> reviveIfDispensable(partition, image));
            driveSoon();
        });
    }

    /** Remembers high watermarks. Any thread. */
    void checkpoint() {
        execute(() -> partitions.values().forEach(FollowedPartition::checkpoint));
    }

    Collection<FollowedPartition> partitions() {
        return partitions.values();
    }

    /** Ends the connection; whoever is still followed stays as it is. Any thread. */
    void close() {
        execute(() -> {
            closed = true;
            closeConnection();
        });
    }

    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("leader", leaderId).log("replication has ended");
            return false;
        }
    }

    private void tellSoon(FollowedPartition partition) {
        partition.become(FollowedPartition.State.TO_TELL);
        toTell.put(partition.id(), partition);
        driveSoon();
    }

    /** Once for everything that happens in one turn of the loop. */
    private void driveSoon() {
        if (!driving) {
            driving = true;
            execute(this::drive);
        }
    }

    private void drive() {
        driving = false;
        long brokerEpoch = services.images().current().selfEpoch();
        if (closed || paused || partitions.isEmpty() || brokerEpoch < 0) {
            return;
        }
        var open = connection;
        if (open == null) {
            connect();
        } else if (mayAsk(open)) {
            var positions = new ArrayList<>(toTell.values());
            toTell.clear();
            var next = requests.next(brokerEpoch, positions);
            open.send(next.correlationId(), next.request());
        }
    }

    private boolean mayAsk(LeaderConnection open) {
        if (open.unanswered() == 0) {
            return atWork == 0 || patienceEndsNanos - System.nanoTime() <= 0;
        }
        boolean hasNews = !toTell.isEmpty() || requests.hasToForget();
        return open.unanswered() < ReplicaWire.MAX_REQUESTS && hasNews && requests.hasSession();
    }

    private void connect() {
        var leader = services.images().current().brokers().get(leaderId);
        if (connecting || leader == null) {
            return;
        }
        connecting = true;
        services.connector()
                .open(leader.internal(), loop)
                .whenComplete((opened, failure) -> execute(() -> connected(leader, opened, failure)));
    }

    private void connected(BrokerInfo leader, @Nullable Opened opened, @Nullable Throwable failure) {
        connecting = false;
        if (opened == null) {
            LOG.atDebug()
                    .addKeyValue("leader", leaderId)
                    .addKeyValue("address", leader.internal())
                    .addKeyValue("cause", String.valueOf(failure))
                    .log("leader cannot be reached");
            pause();
            return;
        }
        boolean genuine = opened.peer().brokerId() == leaderId
                && opened.peer().incarnation().equals(leader.incarnation());
        if (closed || !genuine) {
            LOG.atDebug()
                    .addKeyValue("leader", leaderId)
                    .addKeyValue("peer", opened.peer())
                    .log("somebody else is at the leader's address");
            opened.channel().close();
            pause();
            return;
        }
        var settings = services.settings();
        var begun =
                new LeaderConnection(opened.channel(), "broker-" + services.brokerId(), settings.socketTimeout(), this);
        opened.channel()
                .pipeline()
                .addLast(new FrameCutter(settings.responseMaxBytes() + ReplicaWire.ANSWER_OVERHEAD_BYTES))
                .addLast(begun);
        connection = begun;
        connectedTo = leader;
        requests.reset();
        partitions.values().stream()
                .filter(partition -> partition.state() == FollowedPartition.State.TOLD)
                .forEach(this::tellSoon);
        opened.channel().config().setAutoRead(true);
        LOG.atDebug().addKeyValue("leader", leaderId).log("fetching from leader");
        driveSoon();
    }

    private void closeConnection() {
        var open = connection;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void closed(LeaderConnection ended) {
        if (connection == ended) {
            connection = null;
            connectedTo = null;
            if (!partitions.isEmpty()) {
                pause();
            }
        }
    }

    private void pause() {
        paused = true;
        loop.schedule(
                () -> {
                    paused = false;
                    driveSoon();
                },
                backoff.failed(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void answered(LeaderConnection from, ReceivedResponse answer) {
        services.heard().accept(leaderId);
        services.metrics().fetches.increment();
        try {
            var body = (FetchResponseData) answer.body();
            var error = ReplicaWire.error(body.errorCode());
            if (error == KafkaError.NONE) {
                backoff.succeeded();
                requests.begun(body.sessionId());
                body.responses().forEach(topic -> topic.partitions()
                        .forEach(data -> answered(
                                new TopicPartitionId(Ids.toJava(topic.topicId()), data.partitionIndex()),
                                answer,
                                data)));
                startPatience();
                driveSoon();
            } else {
                LOG.atDebug()
                        .addKeyValue("leader", leaderId)
                        .addKeyValue("error", error)
                        .log("leader refused the fetch");
                // The session, if there is one, is not what the leader thinks; a new connection begins a new one.
                from.close();
            }
        } finally {
            answer.frame().release();
        }
    }

    private void startPatience() {
        patienceEndsNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        if (atWork > 0 && !patient) {
            patient = true;
            loop.schedule(this::endPatience, PATIENCE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void endPatience() {
        patient = false;
        if (atWork > 0 && patienceEndsNanos - System.nanoTime() > 0) {
            patient = true;
            loop.schedule(this::endPatience, PATIENCE_MS, TimeUnit.MILLISECONDS);
        }
        driveSoon();
    }

    private void answered(TopicPartitionId id, ReceivedResponse answer, FetchResponseData.PartitionData data) {
        var partition = partitions.get(id);
        if (partition == null || !partition.isAnsweredBy(answer.correlationId())) {
            return;
        }
        switch (work.begin(partition, answer, data)) {
            case AnswerWork.Outcome.Rest ignored -> {
                partition.backoff().succeeded();
                settle(partition);
            }
            case AnswerWork.Outcome.Wrong(String reason) -> setAside(partition, reason);
            case AnswerWork.Outcome.Over(String reason) -> fail(partition, reason);
            case AnswerWork.Outcome.Begun(CompletableFuture<Void> done) -> {
                partition.become(FollowedPartition.State.AT_WORK);
                atWork++;
                done.whenComplete((nothing, failure) -> worked(partition, failure));
            }
        }
    }

    /** On the event loop: the work sees to that. */
    private void worked(FollowedPartition partition, @Nullable Throwable failure) {
        atWork--;
        if (partition.isStopping()) {
            partition.become(FollowedPartition.State.PAUSED);
            partition.finish();
        } else if (failure == null) {
            partition.backoff().succeeded();
            settle(partition);
            tellSoon(partition);
        } else {
            setAside(partition, String.valueOf(failure.getMessage()));
        }
        driveSoon();
    }

    /** The leader is told of a log start that has moved: a deletion of records waits for it. */
    private void settle(FollowedPartition partition) {
        partition.settle(() -> execute(() -> {
            if (partitions.get(partition.id()) == partition && partition.state() == FollowedPartition.State.TOLD) {
                tellSoon(partition);
            }
        }));
    }

    /** Leaves the partition out for a while. */
    private void setAside(FollowedPartition partition, String reason) {
        long pauseMs = partition.backoff().failed();
        services.metrics().refused.increment();
        LOG.atDebug()
                .addKeyValue("partition", partition.id())
                .addKeyValue("leader", leaderId)
                .addKeyValue("leaderEpoch", partition.leaderEpoch())
                .addKeyValue("reason", reason)
                .addKeyValue("pauseMs", pauseMs)
                .log("partition set aside");
        partition.become(FollowedPartition.State.PAUSED);
        requests.forget(partition.id());
        loop.schedule(
                () -> {
                    if (partitions.get(partition.id()) == partition
                            && partition.state() == FollowedPartition.State.PAUSED) {
                        tellSoon(partition);
                    }
                },
                pauseMs,
                TimeUnit.MILLISECONDS);
    }

    private void fail(FollowedPartition partition, String reason) {
        LOG.atError()
                .addKeyValue("partition", partition.id())
                .addKeyValue("leader", leaderId)
                .addKeyValue("leaderEpoch", partition.leaderEpoch())
                .addKeyValue("reason", reason)
                .log("replica failed, going on would remove committed records");
        partition.become(FollowedPartition.State.FAILED);
        requests.forget(partition.id());
        reviveIfDispensable(partition, services.images().current());
    }

    /** A failed replica begins anew when the in-sync replicas are enough without it (docs/replication.md). */
    private void reviveIfDispensable(FollowedPartition partition, ClusterImage image) {
        if (partition.state() != FollowedPartition.State.FAILED) {
            return;
        }
        var id = partition.id();
        image.partition(id.topicId(), id.partition())
                .filter(line -> line.leaderEpoch() == partition.leaderEpoch())
                .filter(line -> !line.isr().contains(services.brokerId())
                        && !line.elr().contains(services.brokerId())
                        && line.isr().size() >= line.minIsr())
                .ifPresent(line -> {
                    LOG.atWarn().addKeyValue("partition", id).log("failed replica begins anew with the leader's log");
                    partition.core().permitRefetch();
                    tellSoon(partition);
                });
    }

    private static boolean isSame(BrokerInfo before, @Nullable BrokerInfo now) {
        return now != null
                && before.internal().equals(now.internal())
                && before.incarnation().equals(now.incarnation());
    }
}
