// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FetchPosition;
import io.eventfleet.core.replication.FetchPosition.Judgement;
import io.eventfleet.core.replication.FollowerFetch;
import io.eventfleet.core.replication.FollowerReplica.Answer;
import io.eventfleet.core.replication.IsrRefusal;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.core.replication.LeaderAssignment;
import io.eventfleet.core.replication.LeaderReplica;
import io.eventfleet.core.replication.LogExtent;
import io.eventfleet.core.replication.ReplicaFetch;
import io.eventfleet.core.replication.ReplicationGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A partition that a simulated broker leads in one epoch: {@link LeaderReplica} with a log, producers and followers. */
final class SimLeader {

    private static final IsrTimers TIMERS = IsrTimers.withMaxLag(Duration.ofSeconds(10));
    private static final int BATCHES_PER_FETCH = 8;

    private final SimNode.Process process;
    private final RecordOracle oracle;
    private final SimLog log;
    private final LeaderReplica replica;
    private final List<Waiting> waiting = new ArrayList<>();
    private long committed;
    private long deadline = Long.MAX_VALUE;
    private boolean ended;

    /** Hears how a produce request ended. */
    interface Answered {
        void on(KafkaError error, long baseOffset);
    }

    private record Waiting(long payload, long baseOffset, long endOffset, Answered answered) {}

    /** The log leads in this epoch already. */
    SimLeader(SimNode.Process process, RecordOracle oracle, SimLog log, LeaderAssignment assignment) {
        this.process = process;
        this.oracle = oracle;
        this.log = log;
        long epochStart = log.epochs().starts().stream()
                .filter(start -> start.leaderEpoch() == assignment.leaderEpoch())
                .mapToLong(start -> start.startOffset())
                .findFirst()
                .orElse(log.logEndOffset());
        var position = new LeaderReplica.LogPosition(
                log.checkpointedHighWatermark(), epochStart, log.logEndOffset(), log.durableEndOffset());
        this.replica = new LeaderReplica(
                log.id(), assignment, position, TIMERS, process.cluster().replicationGuards(), process.localTime());
        oracle.elected(process, replica, log);
        log.onDurable(() -> {
            replica.durable(process.localTime(), log.durableEndOffset());
            afterInput();
        });
        afterInput();
    }

    TopicPartitionId id() {
        return log.id();
    }

    LeaderReplica replica() {
        return replica;
    }

    SimLog log() {
        return log;
    }

    /** True while a producer has no answer. */
    boolean waits() {
        return !waiting.isEmpty();
    }

    void assigned(LeaderAssignment next) {
        replica.assigned(process.localTime(), next);
        afterInput();
    }

    void refused(long attempt, IsrRefusal why) {
        if (!ended) {
            replica.refused(process.localTime(), attempt, why);
            afterInput();
        }
    }

    void controllerWritable(boolean writable) {
        replica.controllerWritable(writable);
        afterInput();
    }

    /** The epoch is over: nobody is told anything more of it. */
    void end() {
        ended = true;
        log.onDurable(null);
        log.checkpointHighWatermark(replica.highWatermark());
        waiting.forEach(wait -> wait.answered().on(KafkaError.NOT_LEADER_OR_FOLLOWER, -1));
        waiting.clear();
    }

    /** Appends for a producer; answered when it is written (acks=1) or committed (acks=all). */
    void produce(SimSend send, Answered answered) {
        boolean all = send.acks() == SimSend.Acks.ALL;
        if (all && replica.assignment().isUnderMinIsr()) {
            answered.on(KafkaError.NOT_ENOUGH_REPLICAS, -1);
            return;
        }
        log.append(replica.leaderEpoch(), send.payload(), send.records(), appended -> {
            if (ended || !(appended instanceof SimLog.Appended.At(long base, long end))) {
                answered.on(KafkaError.NOT_LEADER_OR_FOLLOWER, -1);
                return;
            }
            replica.written(process.localTime(), log.logEndOffset());
            process.replicas().onAppended(id());
            if (all) {
                waiting.add(new Waiting(send.payload(), base, end, answered));
            } else {
                answered.on(KafkaError.NONE, base);
            }
            afterInput();
        });
    }

    /** Answers one partition of a follower's fetch. */
    ReplicaWire.Part fetch(ReplicaWire.FetchRequest request, ReplicaWire.Wanted wanted) {
        var extent = new LogExtent(log.logStartOffset(), log.logEndOffset(), log.epochs());
        return switch (position(wanted).judge(replica.leaderEpoch(), extent)) {
            case Judgement.Refused(KafkaError error) -> ReplicaWire.Part.refused(id(), error);
            case Judgement.Diverging diverging ->
                new ReplicaWire.Part(
                        id(), null, new Answer.Diverging(diverging.end(), log.logStartOffset()), List.of());
            case Judgement.BelowLogStart below ->
                new ReplicaWire.Part(id(), null, new Answer.BelowLogStart(log.logStartOffset()), List.of());
            case Judgement.InLog in -> accepted(request, wanted);
        };
    }

    /** The position as it came; without the guard, the epoch in it is not looked at. */
    private FetchPosition position(ReplicaWire.Wanted wanted) {
        var position = wanted.position();
        return process.cluster().replicationGuards().on(ReplicationGuard.FETCHED_IN_EPOCH)
                ? position
                : new FetchPosition(position.fetchOffset(), position.lastFetchedEpoch(), replica.leaderEpoch());
    }

    private ReplicaWire.Part accepted(ReplicaWire.FetchRequest request, ReplicaWire.Wanted wanted) {
        long offset = wanted.position().fetchOffset();
        var outcome = replica.fetched(
                process.localTime(),
                new ReplicaFetch(
                        request.replicaId(),
                        request.brokerEpoch(),
                        wanted.position().currentLeaderEpoch(),
                        offset,
                        wanted.logStartOffset()));
        afterInput();
        if (outcome != FollowerFetch.ACCEPTED) {
            return ReplicaWire.Part.refused(id(), errorOf(outcome));
        }
        var all = log.content().between(offset, log.logEndOffset());
        var batches = List.copyOf(all.subList(0, Math.min(BATCHES_PER_FETCH, all.size())));
        long first = batches.isEmpty() ? -1 : batches.getFirst().baseOffset();
        var answer = new Answer.InLog(replica.highWatermark(), log.logStartOffset(), first);
        return new ReplicaWire.Part(id(), null, answer, batches);
    }

    private static KafkaError errorOf(FollowerFetch outcome) {
        return switch (outcome) {
            case ACCEPTED -> KafkaError.NONE;
            case NOT_A_REPLICA -> KafkaError.NOT_LEADER_OR_FOLLOWER;
            case STALE_BROKER_EPOCH -> KafkaError.STALE_BROKER_EPOCH;
            case FENCED_LEADER_EPOCH -> KafkaError.FENCED_LEADER_EPOCH;
            case UNKNOWN_LEADER_EPOCH -> KafkaError.UNKNOWN_LEADER_EPOCH;
        };
    }

    /** What a consumer may read, and where that ends. */
    SimConsumer.Fetched read(int knownEpoch, long offset) {
        if (knownEpoch != replica.leaderEpoch()) {
            return SimConsumer.Fetched.refused(
                    knownEpoch < replica.leaderEpoch()
                            ? KafkaError.FENCED_LEADER_EPOCH
                            : KafkaError.UNKNOWN_LEADER_EPOCH);
        }
        long latest = replica.hasCommittedEpochStart() ? replica.highWatermark() : -1;
        if (offset < log.logStartOffset() || offset > log.logEndOffset()) {
            return new SimConsumer.Fetched(KafkaError.OFFSET_OUT_OF_RANGE, List.of(), log.logStartOffset(), latest);
        }
        var readable = log.content().between(offset, replica.highWatermark());
        var batches = List.copyOf(readable.subList(0, Math.min(BATCHES_PER_FETCH, readable.size())));
        return new SimConsumer.Fetched(KafkaError.NONE, batches, log.logStartOffset(), latest);
    }

    /** A user deletes records; never beyond what is committed. */
    void deleteRecordsBefore(long offset) {
        if (!ended && offset > 0 && log.content().endingAt(offset) != null) {
            oracle.truth(id()).startsAt(offset);
            log.deleteRecordsBefore(offset);
        }
    }

    /** The high watermark is remembered now and then. */
    void checkpoint() {
        log.checkpointHighWatermark(replica.highWatermark());
    }

    private void afterInput() {
        if (ended) {
            return;
        }
        long now = process.localTime();
        replica.nextProposal(now).ifPresent(attempt -> {
            oracle.proposed(process, attempt.proposal());
            process.replicas().propose(this, attempt);
        });
        if (replica.highWatermark() != committed) {
            oracle.committed(process, replica, log, committed);
            committed = replica.highWatermark();
        }
        answerCommitted();
        schedule(replica.nextDeadline(now));
    }

    private void answerCommitted() {
        if (waiting.isEmpty() || waiting.getFirst().endOffset() > committed) {
            return;
        }
        var done =
                waiting.stream().filter(wait -> wait.endOffset() <= committed).toList();
        waiting.removeAll(done);
        for (var wait : done) {
            wait.answered().on(KafkaError.NONE, wait.baseOffset());
        }
    }

    private void schedule(long at) {
        if (at == deadline || at == Long.MAX_VALUE) {
            deadline = at;
            return;
        }
        deadline = at;
        process.after(process.worldTimeUntil(at), () -> {
            if (!ended && deadline == at) {
                deadline = Long.MAX_VALUE;
                replica.tick(process.localTime());
                afterInput();
            }
        });
    }
}
