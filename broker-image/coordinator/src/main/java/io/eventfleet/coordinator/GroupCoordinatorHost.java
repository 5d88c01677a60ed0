// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.log.LedPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Kafka's group coordinator on the partitions of {@code __consumer_offsets} that this broker leads.
 *
 * <p>Every event from outside ({@link #elected}, {@link #resigned}, {@link #onImage}) only hands over work to a thread of
 * the host and returns at once, because the coordinator may wait for the high watermark while it digests the event and
 * the caller may be the thread that moves it. Elections and metadata have a thread each: metadata may wait for records,
 * elections never do. The coordinator is built and started with the first image that has the topic, since the number of
 * its partitions decides for life which partition a group is on, and since a broker without groups should not pay for
 * it; until then requests are answered with COORDINATOR_NOT_AVAILABLE ({@link UnavailableGroups}).
 *
 * <p>Close the host before the logs. Thread-safe.
 */
public final class GroupCoordinatorHost implements Groups, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinatorHost.class);

    /** How long closing waits for an event that is being digested, in ms. */
    private static final long CLOSE_WAIT_MS = 5_000;

    private final CoordinatorLogs logs = new CoordinatorLogs();
    private final CoordinatorMetadata metadata = new CoordinatorMetadata();
    private final GroupHostSettings settings;
    private final Time time;
    private final AtomicReference<Optional<ClusterImage>> pendingImage = new AtomicReference<>(Optional.empty());
    private volatile Optional<RunningCoordinator> running = Optional.empty();
    private volatile boolean groupsMayExist = true;
    private volatile Groups current = new UnavailableGroups(() -> groupsMayExist);

    /** Leaderships that came before the image with the topic was digested. Confined to the thread of elections. */
    private final Map<Integer, LedPartition> electedEarly = new HashMap<>();

    /** Leaderships whose groups are loaded or being loaded. Confined to the thread of elections. */
    private final Map<Integer, LedPartition> elected = new HashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService elections = singleThread("group-coordinator-elections");
    private final ExecutorService updates = singleThread("group-coordinator-metadata");

    public GroupCoordinatorHost(GroupHostSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
    }

    /**
     * This broker leads a partition of {@link OffsetsTopic#NAME} under the handle's epoch; its groups are loaded in the
     * background. A later call for the same partition ends the leadership before it; a handle whose end was told
     * before is ignored.
     */
    public void elected(LedPartition led) {
        int partition = led.log().id().partition();
        submit(elections, "election", () -> {
            running.ifPresentOrElse(
                    coordinator -> load(coordinator, partition, led), () -> electedEarly.put(partition, led));
        });
    }

    /**
     * The leadership is over: appends of its coordinator fail from now on, members are sent to the next one. Call before
     * the log is handed to a follower. Ends of leaderships that were succeeded already are ignored.
     */
    public void resigned(LedPartition led) {
        int partition = led.log().id().partition();
        logs.withdraw(partition, led);
        submit(elections, "resignation", () -> {
            electedEarly.remove(partition, led);
            if (elected.remove(partition, led)) {
                running.ifPresent(coordinator -> coordinator.resign(partition));
            }
        });
    }

    /** Newest image of the cluster. Images that come while one is digested are skipped but for the newest. */
    public void onImage(ClusterImage image) {
        groupsMayExist = image.topic(OffsetsTopic.NAME).isPresent();
        if (pendingImage.getAndSet(Optional.of(image)).isEmpty()) {
            submit(updates, "metadata update", () -> pendingImage
                    .getAndSet(Optional.empty())
                    .ifPresent(this::digest));
        }
    }

    /** Partitions of {@link OffsetsTopic#NAME}, once the coordinator runs. */
    public OptionalInt partitionCount() {
        return running.map(coordinator -> OptionalInt.of(coordinator.partitions()))
                .orElse(OptionalInt.empty());
    }

    /** What the coordinator reports about itself, as it is now; nothing before it runs. */
    public List<CoordinatorMetric> metrics() {
        return running.map(RunningCoordinator::metrics).orElse(List.of());
    }

    /** Stops answering, unloads every group and ends every thread of the coordinator. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stop(elections);
        stop(updates);
        running.ifPresent(RunningCoordinator::close);
    }

    private void load(RunningCoordinator coordinator, int partition, LedPartition led) {
        if (!logs.offer(partition, led)) {
            return;
        }
        // A coordinator that is active under an earlier epoch would stay as it is; what came between must be read.
        logs.endBound(partition);
        coordinator.resign(partition);
        elected.put(partition, led);
        coordinator.elect(partition, led.leaderEpoch());
    }

    private void digest(ClusterImage image) {
        if (running.isEmpty()) {
            image.topic(OffsetsTopic.NAME)
                    .ifPresent(topic -> startUnlessStopping(topic.partitions().size(), image));
        } else {
            running.ifPresent(coordinator -> metadata.update(image).ifPresent(coordinator::update));
        }
    }

    /**
     * Kafka's classes register shutdown hooks when they are first used, which a JVM that is stopping refuses with an
     * error in their initialisation: nobody needs a coordinator then.
     */
    private void startUnlessStopping(int partitions, ClusterImage image) {
        if (closed.get()) {
            return;
        }
        try {
            start(partitions, image);
        } catch (LinkageError e) {
            if (!isShutdownInProgress(e)) {
                throw e;
            }
            LOG.atDebug().log("group coordinator not started, the process is stopping");
        }
    }

    /** True for what follows from {@link Runtime#addShutdownHook} in a JVM that is stopping. */
    static boolean isShutdownInProgress(Throwable failure) {
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && "Shutdown in progress".equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private void start(int partitions, ClusterImage image) {
        var coordinator = RunningCoordinator.start(settings, partitions, logs, time);
        // Members are assigned by metadata: it has to be there before the first group is loaded.
        metadata.update(image).ifPresent(coordinator::update);
        running = Optional.of(coordinator);
        current = new KafkaGroups(coordinator.service());
        submit(elections, "start", () -> {
            electedEarly.forEach((partition, led) -> load(coordinator, partition, led));
            electedEarly.clear();
        });
        LOG.atInfo().addKeyValue("partitions", partitions).log("group coordinator started");
    }

    private static ExecutorService singleThread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    private static void submit(ExecutorService executor, String what, Runnable event) {
        try {
            executor.execute(() -> {
                try {
                    event.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.atError()
                            .addKeyValue("event", what)
                            .setCause(e)
                            .log("group coordinator could not digest event");
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.atDebug().addKeyValue("event", what).log("group coordinator is closed, event ignored");
        }
    }

    private static void stop(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<JoinGroupResponseData> joinGroup(
            AuthorizableRequestContext caller, JoinGroupRequestData request) {
        return current.joinGroup(caller, request);
    }

    @Override
    public CompletionStage<SyncGroupResponseData> syncGroup(
            AuthorizableRequestContext caller, SyncGroupRequestData request) {
        return current.syncGroup(caller, request);
    }

    @Override
    public CompletionStage<HeartbeatResponseData> heartbeat(
            AuthorizableRequestContext caller, HeartbeatRequestData request) {
        return current.heartbeat(caller, request);
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> leaveGroup(
            AuthorizableRequestContext caller, LeaveGroupRequestData request) {
        return current.leaveGroup(caller, request);
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            AuthorizableRequestContext caller, ConsumerGroupHeartbeatRequestData request) {
        return current.consumerGroupHeartbeat(caller, request);
    }

    @Override
    public CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return current.consumerGroupDescribe(caller, groupIds);
    }

    @Override
    public CompletionStage<ListGroupsResponseData> listGroups(
            AuthorizableRequestContext caller, ListGroupsRequestData request) {
        return current.listGroups(caller, request);
    }

    @Override
    public CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return current.describeGroups(caller, groupIds);
    }

    @Override
    public CompletionStage<DeletableGroupResultCollection> deleteGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return current.deleteGroups(caller, groupIds);
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> commitOffsets(
            AuthorizableRequestContext caller, OffsetCommitRequestData request) {
        return current.commitOffsets(caller, request);
    }

    @Override
    public CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext caller, OffsetFetchRequestGroup group, boolean requireStable) {
        return current.fetchOffsets(caller, group, requireStable);
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            AuthorizableRequestContext caller, OffsetDeleteRequestData request) {
        return current.deleteOffsets(caller, request);
    }
}
