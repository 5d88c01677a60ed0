// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * The partitions that this broker leads or follows. Follows the images: opens logs, takes up and lays down roles, deletes
 * what is purged or dropped. Images come on one thread; look-ups on any.
 */
public final class PartitionRegistry implements ClusterImages.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRegistry.class);

    private final int brokerId;
    private final LogStore store;
    private final Function<TopicInfo, TopicRules> rules;
    private final List<LeadershipListener> leaderships = new CopyOnWriteArrayList<>();
    private final Map<TopicPartitionId, LedReplica> led = new ConcurrentHashMap<>();
    private final Map<TopicPartitionId, FollowedReplica> followed = new ConcurrentHashMap<>();
    private final IsrChanges isrChanges = new IsrChanges();
    private final PartitionRole.Surroundings surroundings;

    /** Guarded by this. */
    private final Map<TopicPartitionId, PartitionRole> roles = new HashMap<>();

    /** Replicas to be deleted as soon as the image does not list them any more. Guarded by this. */
    private final Map<TopicPartitionId, CompletableFuture<Void>> drops = new HashMap<>();

    private volatile ClusterImage image = ClusterImage.empty("");
    private volatile boolean closed;

    /** @param rules the settings in force for a topic */
    public PartitionRegistry(
            int brokerId, LogStore store, Function<TopicInfo, TopicRules> rules, Replication replication) {
        this.brokerId = brokerId;
        this.store = store;
        this.rules = rules;
        this.surroundings = new PartitionRole.Surroundings(store, replication, led, followed, leaderships, isrChanges);
    }

    /** Adds a listener; call before the first image. */
    public void addLeadershipListener(LeadershipListener listener) {
        leaderships.add(listener);
    }

    /** True if nothing may be acknowledged here that no other replica holds, see {@link ReplicaContacts#isCutOff}. */
    public boolean isCutOff(LedReplica replica) {
        return surroundings.replication().contacts().isCutOff(replica.view().partition());
    }

    /** The newest image that leaderships follow. */
    public ClusterImage image() {
        return image;
    }

    /** Every partition led now. */
    public Collection<LedReplica> led() {
        return led.values();
    }

    /** Every partition followed now. */
    public Collection<FollowedReplica> followed() {
        return followed.values();
    }

    /** How often in-sync replicas of led partitions changed. */
    public IsrChanges isrChanges() {
        return isrChanges;
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

    private static Optional<KafkaError> checkEpoch(int clientEpoch, int epoch) {
        if (clientEpoch < 0 || clientEpoch == epoch) {
            return Optional.empty();
        }
        return Optional.of(clientEpoch < epoch ? KafkaError.FENCED_LEADER_EPOCH : KafkaError.UNKNOWN_LEADER_EPOCH);
    }

    @Override
    public synchronized void onImage(ClusterImage previous, ClusterImage current) {
        if (closed) {
            return;
        }
        image = current;
        boolean all = previous == current
                || previous.selfEpoch() != current.selfEpoch()
                || !previous.brokers().equals(current.brokers());
        current.topicsById().forEach((id, topic) -> {
            var before = previous.topicsById().get(id);
            if (before != topic || all) {
                onTopic(before, topic, current);
            }
        });
        previous.topicsById().forEach((id, topic) -> {
            if (!current.topicsById().containsKey(id)) {
                restAll(topic);
            }
        });
        beginDrops();
    }

    private void onTopic(@Nullable TopicInfo before, TopicInfo topic, ClusterImage current) {
        if (topic.state() != TopicState.OPEN) {
            restAll(before == null ? topic : before);
            return;
        }
        var topicRules = rules.apply(topic);
        for (var line : topic.partitions()) {
            var id = new TopicPartitionId(topic.id(), line.partition());
            switch (Duty.of(current, brokerId, topic, line)) {
                case Duty.Lead lead ->
                    role(id).lead(lead, LedReplica.View.of(current, brokerId, topic, line, topicRules));
                case Duty.Follow follow -> role(id).follow(follow, topicRules);
                case Duty.Rest rest -> rest(id);
            }
        }
    }

    private PartitionRole role(TopicPartitionId id) {
        return roles.computeIfAbsent(id, key -> new PartitionRole(key, surroundings));
    }

    private void restAll(TopicInfo topic) {
        for (var partition : topic.partitions()) {
            rest(new TopicPartitionId(topic.id(), partition.partition()));
        }
    }

    private void rest(TopicPartitionId id) {
        var role = roles.get(id);
        if (role != null) {
            role.rest();
        }
    }

    /** Deletes everything that is stored of a topic, which must not be led here any more. Durable when it completes. */
    public synchronized CompletionStage<Void> purge(UUID topicId) {
        var deletions = new ArrayList<CompletableFuture<Void>>();
        for (var id : store.stored()) {
            if (id.topicId().equals(topicId)) {
                deletions.add(delete(id));
            }
        }
        return CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
                .thenRun(() -> LOG.atInfo()
                        .addKeyValue("topicId", topicId)
                        .addKeyValue("partitions", deletions.size())
                        .log("data of a deleted topic removed"));
    }

    /**
     * Deletes a replica that a durable line names as dropped (docs/coordination.md), as soon as the image does not list this
     * broker among its replicas any more. Durable when it completes; fails when the registry is closed first.
     */
    public synchronized CompletionStage<Void> drop(TopicPartitionId id) {
        var drop = drops.computeIfAbsent(id, key -> new CompletableFuture<>());
        if (closed) {
            drop.completeExceptionally(new IllegalStateException("closed"));
        }
        beginDrops();
        return drop;
    }

    private void beginDrops() {
        var due = drops.keySet().stream().filter(id -> !holds(id)).toList();
        for (var id : due) {
            var drop = Objects.requireNonNull(drops.remove(id));
            delete(id).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    LOG.atInfo().addKeyValue("partition", id).log("data of a dropped replica removed");
                    drop.complete(null);
                } else {
                    drop.completeExceptionally(failure);
                }
            });
        }
    }

    private boolean holds(TopicPartitionId id) {
        return image.partition(id.topicId(), id.partition())
                .filter(line -> line.replicas().contains(brokerId))
                .isPresent();
    }

    private CompletableFuture<Void> delete(TopicPartitionId id) {
        var deletion = role(id).delete();
        return deletion.whenComplete((nothing, failure) -> forget(id));
    }

    private synchronized void forget(TopicPartitionId id) {
        var role = roles.get(id);
        if (role != null && role.isOver()) {
            roles.remove(id);
        }
    }

    /**
     * Lays down every role for good, so that whoever waits is answered. Call when images have stopped.
     *
     * @return completes when nothing is appended or truncated any more by replication
     */
    public synchronized CompletionStage<Void> close() {
        closed = true;
        drops.values().forEach(drop -> drop.completeExceptionally(new IllegalStateException("closed")));
        drops.clear();
        return CompletableFuture.allOf(roles.values().stream()
                .map(role -> role.stop().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }
}
