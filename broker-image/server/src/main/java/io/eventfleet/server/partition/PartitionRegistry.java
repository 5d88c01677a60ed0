// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this broker leads. Follows the images: opens logs, takes up and lays down leaderships, deletes
 * what is purged. Images come on one thread; look-ups on any.
 */
public final class PartitionRegistry implements ClusterImages.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRegistry.class);

    private final int brokerId;
    private final LogStore store;
    private final Function<TopicInfo, TopicRules> rules;
    private final List<LeadershipListener> leaderships = new CopyOnWriteArrayList<>();
    private final Map<TopicPartitionId, LedReplica> led = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private final Map<TopicPartitionId, Role> roles = new HashMap<>();

    private volatile ClusterImage image = ClusterImage.empty("");
    private volatile boolean closed;

    /** What was last asked of a partition, and when all that was asked is done. */
    private static final class Role {
        private volatile int wantedEpoch = -1;
        private volatile LedReplica.@Nullable View view;
        private CompletableFuture<?> done = CompletableFuture.completedFuture(null);
    }

    /** @param rules the settings in force for a topic */
    public PartitionRegistry(int brokerId, LogStore store, Function<TopicInfo, TopicRules> rules) {
        this.brokerId = brokerId;
        this.store = store;
        this.rules = rules;
    }

    /** Adds a listener; call before the first image. */
    public void addLeadershipListener(LeadershipListener listener) {
        leaderships.add(listener);
    }

    /** The newest image that leaderships follow. */
    public ClusterImage image() {
        return image;
    }

    /** Every partition led now. */
    public Collection<LedReplica> led() {
        return led.values();
    }

    /**
     * Finds a partition for a client.
     *
     * @param currentLeaderEpoch the epoch that the client knows, or -1
     */
    public Access find(UUID topicId, int partition, int currentLeaderEpoch) {
        var replica = led.get(new TopicPartitionId(topicId, partition));
        if (replica != null && !replica.hasEnded()) {
            return checkEpoch(currentLeaderEpoch, replica.leaderEpoch())
                    .<Access>map(Access.Refused::because)
                    .orElseGet(() -> new Access.Led(replica));
        }
        var known = image;
        if (known.openTopic(topicId).isEmpty()) {
            return Access.Refused.because(KafkaError.UNKNOWN_TOPIC_ID);
        }
        var info = known.partition(topicId, partition);
        if (info.isEmpty()) {
            return Access.Refused.because(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return refuseElsewhere(info.get(), currentLeaderEpoch);
    }

    private Access refuseElsewhere(PartitionInfo info, int currentLeaderEpoch) {
        var stale = checkEpoch(currentLeaderEpoch, info.leaderEpoch());
        if (stale.isPresent()) {
            return Access.Refused.because(stale.get());
        }
        // While the log is being opened this broker is the leader in name only; the client should simply ask again.
        return info.leader() == brokerId
                ? Access.Refused.because(KafkaError.NOT_LEADER_OR_FOLLOWER)
                : new Access.Refused(KafkaError.NOT_LEADER_OR_FOLLOWER, info.leader(), info.leaderEpoch());
    }

    private static java.util.Optional<KafkaError> checkEpoch(int clientEpoch, int epoch) {
        if (clientEpoch < 0 || clientEpoch == epoch) {
            return java.util.Optional.empty();
        }
        return java.util.Optional.of(
                clientEpoch < epoch ? KafkaError.FENCED_LEADER_EPOCH : KafkaError.UNKNOWN_LEADER_EPOCH);
    }

    @Override
    public synchronized void onImage(ClusterImage previous, ClusterImage current) {
        if (closed) {
            return;
        }
        image = current;
        current.topicsById().forEach((id, topic) -> {
            var before = previous.topicsById().get(id);
            if (before != topic || previous == current) {
                onTopic(before, topic);
            }
        });
        previous.topicsById().forEach((id, topic) -> {
            if (!current.topicsById().containsKey(id)) {
                endAll(topic);
            }
        });
    }

    private void onTopic(@Nullable TopicInfo before, TopicInfo topic) {
        if (topic.state() != TopicState.OPEN) {
            endAll(before == null ? topic : before);
            return;
        }
        var topicRules = rules.apply(topic);
        for (var partition : topic.partitions()) {
            var id = new TopicPartitionId(topic.id(), partition.partition());
            if (partition.leader() == brokerId) {
                lead(id, LedReplica.View.of(topic, partition, topicRules));
            } else {
                end(id, topic.name());
            }
        }
    }

    private void lead(TopicPartitionId id, LedReplica.View view) {
        var role = roles.computeIfAbsent(id, key -> new Role());
        var epoch = view.partition().leaderEpoch();
        role.view = view;
        if (role.wantedEpoch == epoch) {
            var replica = led.get(id);
            if (replica != null) {
                update(replica, view);
            }
            return;
        }
        withdraw(id, view.topicName());
        role.wantedEpoch = epoch;
        role.done = role.done
                .thenCompose(previous -> store.open(id))
                .thenCompose(log -> log.becomeLeader(epoch).thenApply(nothing -> log))
                .thenAccept(log -> takeUp(id, role, epoch, log))
                .exceptionally(failure -> {
                    LOG.atError()
                            .addKeyValue("partition", id)
                            .addKeyValue("leaderEpoch", epoch)
                            .setCause(failure)
                            .log("leadership not taken up");
                    return null;
                });
    }

    private void takeUp(TopicPartitionId id, Role role, int epoch, PartitionLog log) {
        var view = role.view;
        if (closed || view == null || role.wantedEpoch != epoch) {
            return;
        }
        log.declareRetention(view.rules().retention());
        var replica = new LedReplica(brokerId, log, view);
        led.put(id, replica);
        var newest = role.view;
        if (newest != null && newest != view) {
            update(replica, newest);
        }
        if (role.wantedEpoch != epoch) {
            led.remove(id, replica);
            replica.end();
            return;
        }
        LOG.atDebug()
                .addKeyValue("partition", id)
                .addKeyValue("topic", view.topicName())
                .addKeyValue("leaderEpoch", epoch)
                .log("partition led");
        leaderships.forEach(listener -> listener.onLed(view.topicName(), replica));
    }

    private static void update(LedReplica replica, LedReplica.View view) {
        if (!replica.view().rules().retention().equals(view.rules().retention())) {
            replica.log().declareRetention(view.rules().retention());
        }
        replica.update(view);
    }

    private void endAll(TopicInfo topic) {
        for (var partition : topic.partitions()) {
            end(new TopicPartitionId(topic.id(), partition.partition()), topic.name());
        }
    }

    private void end(TopicPartitionId id, String topicName) {
        var role = roles.get(id);
        if (role == null || role.wantedEpoch < 0) {
            return;
        }
        withdraw(id, topicName);
        role.wantedEpoch = -1;
        role.done = role.done
                .thenCompose(previous -> store.get(id)
                        .map(PartitionLog::resign)
                        .orElseGet(() -> CompletableFuture.completedFuture(null)))
                .exceptionally(failure -> {
                    LOG.atError().addKeyValue("partition", id).setCause(failure).log("leadership not laid down");
                    return null;
                });
    }

    private void withdraw(TopicPartitionId id, String topicName) {
        var replica = led.remove(id);
        if (replica != null) {
            replica.log().checkpointHighWatermark(replica.highWatermark());
            leaderships.forEach(listener -> listener.onEnded(topicName, replica));
            replica.end();
        }
    }

    /** Deletes everything that is stored of a topic, which must not be led here any more. Durable when it completes. */
    public synchronized CompletionStage<Void> purge(UUID topicId) {
        var deletions = new ArrayList<CompletableFuture<?>>();
        for (var id : store.stored()) {
            if (id.topicId().equals(topicId)) {
                end(id, topicId.toString());
                var role = roles.get(id);
                CompletableFuture<?> before = role == null ? CompletableFuture.completedFuture(null) : role.done;
                roles.remove(id);
                deletions.add(before.handle((nothing, failure) -> id).thenCompose(store::delete));
            }
        }
        return CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
                .thenRun(() -> LOG.atInfo()
                        .addKeyValue("topicId", topicId)
                        .addKeyValue("partitions", deletions.size())
                        .log("data of a deleted topic removed"));
    }

    /** Lays down every leadership for good, so that whoever waits is answered. Call when images have stopped. */
    public synchronized void close() {
        closed = true;
        List.copyOf(led.values()).forEach(replica -> {
            if (led.remove(replica.id(), replica)) {
                replica.log().checkpointHighWatermark(replica.highWatermark());
                leaderships.forEach(listener -> listener.onEnded(replica.view().topicName(), replica));
                replica.end();
            }
        });
    }
}
