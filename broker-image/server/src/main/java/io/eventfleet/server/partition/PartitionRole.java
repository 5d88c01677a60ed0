// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this broker is for one partition. Duties follow each other strictly: one begins when everything of the one before
 * has ended, and one that was overtaken by the next is not begun. Thread-safe.
 */
final class PartitionRole {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRole.class);

    private final TopicPartitionId id;
    private final Surroundings around;

    /** Guarded by this, as all below. */
    private Duty duty = Duty.REST;

    private LedReplica.@Nullable View view;
    private @Nullable TopicRules followedRules;
    private boolean following;
    /** Completes, never with a failure, when everything that was asked for is done. */
    private CompletableFuture<?> done = CompletableFuture.completedFuture(null);

    /**
     * What all partitions share.
     *
     * @param store their logs
     * @param replication the rest of what replicas need
     * @param led where led partitions are found
     * @param followed where followed partitions are found
     * @param leaderships who hears of leaderships
     * @param isrChanges counts
     */
    record Surroundings(
            LogStore store,
            Replication replication,
            Map<TopicPartitionId, LedReplica> led,
            Map<TopicPartitionId, FollowedReplica> followed,
            List<LeadershipListener> leaderships,
            IsrChanges isrChanges) {}

    PartitionRole(TopicPartitionId id, Surroundings around) {
        this.id = id;
        this.around = around;
    }

    /** Leads, or goes on leading with newer metadata. */
    synchronized void lead(Duty.Lead next, LedReplica.View newest) {
        view = newest;
        if (duty.equals(next)) {
            var replica = around.led().get(id);
            if (replica != null) {
                update(replica, newest);
            }
            return;
        }
        leave(next);
        then(
                "leadership not taken up",
                () -> isDue(next)
                        ? around.store().open(id).thenCompose(log -> log.becomeLeader(next.leaderEpoch())
                                .thenAccept(nothing -> takeUp(next, log)))
                        : CompletableFuture.completedFuture(null));
    }

    /** Follows, or goes on following with newer rules. */
    synchronized void follow(Duty.Follow next, TopicRules rules) {
        followedRules = rules;
        if (duty.equals(next)) {
            around.followed().computeIfPresent(id, (key, replica) -> replica.under(rules));
            return;
        }
        leave(next);
        then(
                "not followed",
                () -> isDue(next)
                        ? around.store().open(id).thenCompose(log -> log.becomeFollower(next.leaderEpoch())
                                .thenAccept(nothing -> beginFollowing(next, log)))
                        : CompletableFuture.completedFuture(null));
    }

    /** Neither leads nor follows any more; what is stored stays. */
    synchronized void rest() {
        if (duty.equals(Duty.REST)) {
            return;
        }
        leave(Duty.REST);
        then("leadership not laid down", () -> around.store()
                .get(id)
                .map(PartitionLog::resign)
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /** Stops for good. Completes when nothing is written any more. */
    synchronized CompletionStage<?> stop() {
        leave(Duty.REST);
        return done;
    }

    /** Deletes what is stored, once everything has stopped. A duty that is given meanwhile begins afterwards, empty. */
    synchronized CompletableFuture<Void> delete() {
        leave(Duty.REST);
        var deletion = done.thenCompose(nothing -> around.store().delete(id));
        done = deletion.handle((nothing, failure) -> null);
        return deletion;
    }

    /** True when nothing is left to do and nothing is asked for. */
    synchronized boolean isOver() {
        return duty.equals(Duty.REST) && done.isDone();
    }

    private synchronized boolean isDue(Duty next) {
        return duty.equals(next);
    }

    private synchronized void takeUp(Duty.Lead due, PartitionLog log) {
        var newest = view;
        if (!isDue(due) || newest == null) {
            return;
        }
        log.declareRetention(newest.rules().retention());
        var replica = new LedReplica(log, newest, around.replication(), around.isrChanges());
        around.led().put(id, replica);
        LOG.atDebug()
                .addKeyValue("partition", id)
                .addKeyValue("topic", newest.topicName())
                .addKeyValue("leaderEpoch", due.leaderEpoch())
                .log("partition led");
        around.leaderships().forEach(listener -> listener.onLed(newest.topicName(), replica));
    }

    private synchronized void beginFollowing(Duty.Follow due, PartitionLog log) {
        var rules = followedRules;
        if (!isDue(due) || rules == null) {
            return;
        }
        following = true;
        around.followed().put(id, FollowedReplica.of(log, rules));
        around.replication()
                .followers()
                .follow(new Followers.Followed(log, due.leaderId(), due.leaderEpoch(), due.uncleanEpoch()));
        LOG.atDebug()
                .addKeyValue("partition", id)
                .addKeyValue("leader", due.leaderId())
                .addKeyValue("leaderEpoch", due.leaderEpoch())
                .log("partition followed");
    }

    /** Ends what this broker was; the next duty is taken up after that. */
    private void leave(Duty next) {
        duty = next;
        var replica = around.led().remove(id);
        if (replica != null) {
            replica.end();
            replica.log().checkpointHighWatermark(replica.highWatermark());
            around.leaderships()
                    .forEach(listener -> listener.onEnded(replica.view().topicName(), replica));
        }
        if (following) {
            following = false;
            around.followed().remove(id);
            then(
                    "following not stopped in order",
                    () -> around.replication().followers().stop(id));
        }
    }

    private static void update(LedReplica replica, LedReplica.View view) {
        if (!replica.view().rules().retention().equals(view.rules().retention())) {
            replica.log().declareRetention(view.rules().retention());
        }
        replica.update(view);
    }

    private void then(String failed, Supplier<CompletionStage<?>> step) {
        done = done.thenCompose(nothing -> step.get().thenApply(result -> null)).exceptionally(failure -> {
            LOG.atError().addKeyValue("partition", id).setCause(failure).log(failed);
            return null;
        });
    }
}
