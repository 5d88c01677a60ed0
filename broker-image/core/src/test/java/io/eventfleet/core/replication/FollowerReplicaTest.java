// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import io.eventfleet.core.replication.FetchPosition.Judgement;
import io.eventfleet.core.replication.FollowerReplica.Answer;
import io.eventfleet.core.replication.FollowerReplica.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FollowerReplicaTest {
    private static final int MAX_ROUNDS = 100;

    /** A follower and its leader, whose answers are made of the leader's log. */
    private static final class Pair {
        private final int leaderEpoch;
        private final ModelLog leader;
        private final long leaderHighWatermark;
        private final ModelLog log;
        private final FollowerReplica follower;
        private final List<Step> steps = new ArrayList<>();

        Pair(ModelLog leader, long leaderHighWatermark, ModelLog log, long highWatermark, int uncleanEpoch) {
            this(leader, leaderHighWatermark, log, highWatermark, uncleanEpoch, ReplicationGuards.ALL);
        }

        Pair(
                ModelLog leader,
                long leaderHighWatermark,
                ModelLog log,
                long highWatermark,
                int uncleanEpoch,
                ReplicationGuards guards) {
            this.leaderEpoch = leader.extent().latestEpoch();
            this.leader = leader;
            this.leaderHighWatermark = leaderHighWatermark;
            this.log = log;
            this.follower = new FollowerReplica(leaderEpoch, uncleanEpoch, highWatermark, log.extent(), guards);
            carryOut(follower.begin(log.extent()));
        }

        /** Fetches until there is nothing to do any more, or the follower gives up. */
        Pair converge() {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                var step = follower.on(answer(), log.extent());
                if (step instanceof Step.Keep) {
                    follower.settle(log.extent());
                    return this;
                }
                steps.add(step);
                if (step instanceof Step.Fail || step instanceof Step.Distrust) {
                    return this;
                }
                carryOut(step);
            }
            throw new AssertionError("no end after " + steps);
        }

        private void carryOut(Step step) {
            switch (step) {
                case Step.Append ignored -> log.replicate(leader.epochAt(log.end()));
                case Step.Truncate(long offset) -> log.truncate(offset);
                case Step.Restart(long offset) -> log.restart(offset);
                case Step.Keep ignored -> {}
                case Step.Distrust ignored -> {}
                case Step.Fail ignored -> {}
            }
            long start = follower.settle(log.extent());
            if (start > log.start()) {
                log.startAt(start);
            }
        }

        private Answer answer() {
            var position = follower.position(log.extent());
            return switch (position.judge(leaderEpoch, leader.extent())) {
                case Judgement.InLog ignored ->
                    new Answer.InLog(
                            leaderHighWatermark,
                            leader.start(),
                            position.fetchOffset() < leader.end() ? position.fetchOffset() : -1);
                case Judgement.Diverging(EpochEnd end) -> new Answer.Diverging(end, leader.start());
                case Judgement.BelowLogStart ignored -> new Answer.BelowLogStart(leader.start());
                case Judgement.Refused(KafkaError error) -> throw new AssertionError("refused: " + error);
            };
        }
    }

    @Test
    void copiesWhatTheLeaderHas() {
        var pair = new Pair(ModelLog.of(1, 1, 2).lead(2, 0), 2, new ModelLog(), 0, -1).converge();

        assertThat(pair.log.records()).containsExactly(1, 1, 2);
        assertThat(pair.log.extent().epochs()).isEqualTo(pair.leader.extent().epochs());
        assertThat(pair.follower.highWatermark()).isEqualTo(2);
    }

    /** KIP-101, scenario 1: the follower has a committed record above its own high watermark, and leads right after. */
    @Test
    void keepsWhatItCannotKnowToBeCommitted() {
        var leader = ModelLog.of(1, 1).lead(2, 0);
        var log = ModelLog.of(1, 1);

        assertThat(new Pair(leader, 2, log.copy(), 1, -1).converge().steps).isEmpty();
        var careless = new Pair(leader, 2, log, 1, -1, ReplicationGuards.without(ReplicationGuard.TRUNCATE_BY_EPOCH));
        assertThat(careless.log.records()).as("without the protection").containsExactly(1);
    }

    /** KIP-101, scenario 2: after a common power loss, two records claim the same offset. */
    @Test
    void removesWhatAnotherLeaderWrote() {
        var pair = new Pair(ModelLog.of(1).lead(2, 1), 1, ModelLog.of(1, 1), 1, -1).converge();

        assertThat(pair.log.records()).containsExactly(1, 2);
        assertThat(pair.steps).containsExactly(new Step.Truncate(1), new Step.Append());

        var careless = new Pair(
                        ModelLog.of(1).lead(2, 1),
                        1,
                        ModelLog.of(1, 1),
                        2,
                        -1,
                        ReplicationGuards.without(ReplicationGuard.TRUNCATE_BY_EPOCH))
                .converge();
        assertThat(careless.log.records()).as("without the protection").containsExactly(1, 1);
    }

    /** KIP-279: two failovers in a row, after which an epoch of the follower is one that the leader never saw. */
    @Test
    void goesBackEpochByEpochAfterADoubleFailover() {
        // A wrote 1 1, B went on from the first of them in epoch 2, A leads again in epoch 3.
        var pair = new Pair(ModelLog.of(1, 1).lead(3, 1), 1, ModelLog.of(1, 2, 2), 1, -1).converge();

        assertThat(pair.steps.getFirst())
                .as("not 2, the end of epoch 1 at the leader")
                .isEqualTo(new Step.Truncate(1));
        assertThat(pair.log.records()).containsExactly(1, 1, 3);
    }

    @Test
    void asksAgainUntilTheLeaderDoesNotObject() {
        var pair = new Pair(ModelLog.of(1, 2, 4, 4).lead(6, 1), 1, ModelLog.of(1, 3, 3, 5), 1, -1).converge();

        assertThat(pair.log.records()).containsExactly(1, 2, 4, 4, 6);
        assertThat(pair.steps).startsWith(new Step.Truncate(3), new Step.Truncate(1));
    }

    @Test
    void forgetsAnEpochInWhichItWroteNothing() {
        var pair = new Pair(ModelLog.of(1, 1).lead(3, 0), 2, ModelLog.of(1, 1).lead(2, 0), 2, -1).converge();

        assertThat(pair.steps).containsExactly(new Step.Truncate(2));
        assertThat(pair.log.extent().latestEpoch()).isEqualTo(1);
    }

    @Test
    void beginsAnewWhereTheLeaderHasDeletedWhatComesNext() {
        var pair = new Pair(ModelLog.of(1, 1, 1, 2, 2).startAt(3).lead(3, 1), 5, ModelLog.of(1), 1, -1).converge();

        assertThat(pair.steps.getFirst()).isEqualTo(new Step.Restart(3));
        assertThat(pair.log.extent()).isEqualTo(pair.leader.extent());
        assertThat(pair.follower.highWatermark()).isEqualTo(5);
    }

    @Test
    void deletesWhatTheLeaderHasDeleted() {
        var pair = new Pair(ModelLog.of(1, 1, 1, 1).startAt(2).lead(1, 0), 4, ModelLog.of(1, 1, 1), 2, -1).converge();

        assertThat(pair.log.start()).isEqualTo(2);
        assertThat(pair.log.records()).containsExactly(1, 1);
    }

    @Test
    void holdsTheLogStartBackUntilTheHighWatermarkIsThere() {
        var follower = new FollowerReplica(1, -1, 1, ModelLog.of(1, 1, 1).extent(), ReplicationGuards.ALL);
        var log = ModelLog.of(1, 1, 1).extent();

        follower.on(new Answer.InLog(2, 2, -1), log);

        assertThat(follower.settle(log)).isEqualTo(2);
        assertThat(follower.highWatermark()).isEqualTo(2);
    }

    @Test
    void neverRemovesWhatIsCommitted() {
        var pair = new Pair(ModelLog.of(1).lead(2, 2), 1, ModelLog.of(1, 1, 1), 3, -1).converge();

        assertThat(pair.steps).hasSize(1).first().isInstanceOf(Step.Fail.class);
        assertThat(pair.follower.failure())
                .hasValueSatisfying(reason -> assertThat(reason).contains("parts from it at 1", "committed up to 3"));
        assertThat(pair.log.records()).containsExactly(1, 1, 1);

        var careless = new Pair(
                        ModelLog.of(1).lead(2, 2),
                        1,
                        ModelLog.of(1, 1, 1),
                        3,
                        -1,
                        ReplicationGuards.without(ReplicationGuard.KEEP_COMMITTED))
                .converge();
        assertThat(careless.log.records()).as("without the protection").containsExactly(1, 2, 2);
    }

    /** B5: only an unclean election after the replica's last epoch, and not after the leader's, explains the loss. */
    @Test
    void removesCommittedRecordsAfterAnUncleanElection() {
        var lost = new Pair(ModelLog.of(1).lead(4, 2), 1, ModelLog.of(1, 1, 1), 3, 3).converge();
        assertThat(lost.log.records()).containsExactly(1, 4, 4);
        assertThat(lost.follower.highWatermark()).as("fell with the log").isEqualTo(1);

        for (int uncleanEpoch : new int[] {-1, 1, 5}) {
            var kept = new Pair(ModelLog.of(1).lead(4, 2), 1, ModelLog.of(1, 1, 1), 3, uncleanEpoch).converge();
            assertThat(kept.follower.failure())
                    .as("unclean epoch %d", uncleanEpoch)
                    .isPresent();
        }
    }

    @Test
    void beginsAnewBehindALeaderThatLostMoreThanThisLogStillHas() {
        var log = ModelLog.of(1, 1, 1, 1).startAt(3);
        var pair = new Pair(ModelLog.of(1).lead(2, 1), 1, log, 3, 2).converge();

        assertThat(pair.steps.getFirst()).isEqualTo(new Step.Restart(1));
        assertThat(pair.log.records()).containsExactly(2);
    }

    @Test
    void leavesAnEmptyLogThatBeginsAboveTheLeadersEnd() {
        var log = new ModelLog();
        log.restart(7);
        var pair = new Pair(ModelLog.of(1, 1).lead(2, 0), 2, log, 7, 2).converge();

        assertThat(pair.steps.getFirst()).isEqualTo(new Step.Restart(2));
        assertThat(pair.log.end()).isEqualTo(2);
    }

    @Test
    void refetchesWhenItIsNotNeededAnyMore() {
        var pair = new Pair(ModelLog.of(1).lead(2, 2), 3, ModelLog.of(1, 1, 1), 3, -1).converge();
        assertThat(pair.follower.failure()).isPresent();

        pair.follower.permitRefetch();
        pair.converge();

        assertThat(pair.follower.failure()).isEmpty();
        assertThat(pair.log.records()).containsExactly(1, 2, 2);
        assertThat(pair.follower.highWatermark()).isEqualTo(3);
    }

    @Test
    void refetchIsPermittedOnce() {
        var pair = new Pair(ModelLog.of(1).lead(2, 2), 3, ModelLog.of(1, 1, 1), 3, -1).converge();
        pair.follower.permitRefetch();
        pair.converge();

        var step = pair.follower.on(new Answer.Diverging(new EpochEnd(1, 1), 0), pair.log.extent());

        assertThat(step).isInstanceOf(Step.Fail.class);
    }

    /** A leader that was just elected may lag behind the true high watermark (S18). */
    @Test
    void knowsWhatIsCommittedBetterThanANewLeader() {
        var pair = new Pair(ModelLog.of(1, 1, 1).lead(2, 0), 1, ModelLog.of(1, 1, 1), 2, -1).converge();

        assertThat(pair.follower.highWatermark()).isEqualTo(2);
    }

    @Test
    void anEmptyLogMayBeginInsideABatch() {
        var log = new LogExtent(7, 7, EpochHistory.EMPTY);
        var follower = new FollowerReplica(1, -1, 7, log, ReplicationGuards.ALL);

        assertThat(follower.on(new Answer.InLog(9, 7, 5), log)).isEqualTo(new Step.Append());
        assertThat(follower.on(new Answer.InLog(9, 7, 8), log)).isInstanceOf(Step.Distrust.class);
    }

    @Test
    void highWatermarkIsBoundedByTheLog() {
        var log = ModelLog.of(1, 1).extent();
        var follower = new FollowerReplica(1, -1, 9, log, ReplicationGuards.ALL);
        assertThat(follower.highWatermark()).as("remembered beyond the end").isEqualTo(2);

        follower.on(new Answer.InLog(9, 0, 2), log);
        follower.settle(log);
        assertThat(follower.highWatermark()).isEqualTo(2);
    }

    @Test
    void doesNothingWithAnswersThatCannotBeTrue() {
        var log = ModelLog.of(1, 1, 1).startAt(1).extent();
        var follower = new FollowerReplica(2, 2, 2, log, ReplicationGuards.ALL);

        for (var lie : List.of(
                new Answer.InLog(3, 0, 2),
                new Answer.InLog(3, 0, 4),
                new Answer.InLog(1, 2, -1),
                new Answer.InLog(5, 4, -1),
                new Answer.Diverging(new EpochEnd(-1, -1), 0),
                new Answer.Diverging(new EpochEnd(1, 3), 0),
                new Answer.Diverging(new EpochEnd(2, 9), 0),
                new Answer.BelowLogStart(3),
                new Answer.BelowLogStart(0))) {
            assertThat(follower.on(lie, log)).as("%s", lie).isInstanceOf(Step.Distrust.class);
            assertThat(follower.settle(log)).isEqualTo(1);
            assertThat(follower.highWatermark()).isEqualTo(2);
        }
    }

    @Test
    void positionsOfAnotherLeadershipAreRefused() {
        var leader = ModelLog.of(1, 3).extent();

        assertThat(new FetchPosition(1, 1, 2).judge(3, leader))
                .isEqualTo(new Judgement.Refused(KafkaError.FENCED_LEADER_EPOCH));
        assertThat(new FetchPosition(1, 1, 4).judge(3, leader))
                .isEqualTo(new Judgement.Refused(KafkaError.UNKNOWN_LEADER_EPOCH));
        assertThat(new FetchPosition(1, 4, 3).judge(3, leader))
                .isEqualTo(new Judgement.Refused(KafkaError.UNKNOWN_LEADER_EPOCH));
        assertThat(new FetchPosition(1, 1, 3).judge(3, leader)).isEqualTo(new Judgement.InLog());
    }

    /**
     * Random elections over random logs: whatever the histories, the follower ends with the leader's log, and keeps
     * exactly what they had in common.
     */
    @Test
    void alwaysEndsWithTheLeadersLogAndKeepsWhatIsCommon() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var logs = new ArrayList<>(List.of(new ModelLog(), new ModelLog(), new ModelLog()));
            int leader = 0;
            for (int epoch = 1; epoch <= 8; epoch++) {
                leader = random.nextInt(logs.size());
                logs.get(leader).lead(epoch, random.nextInt(4));
                for (int other = 0; other < logs.size(); other++) {
                    if (other != leader && random.nextInt(3) == 0) {
                        partlyFollow(logs.get(other), logs.get(leader), random);
                    }
                }
            }
            var before = logs.get((leader + 1) % logs.size());
            var common = common(before, logs.get(leader));
            var pair = new Pair(logs.get(leader), 0, before, 0, -1).converge();

            assertThat(pair.log.records()).as("seed %d", seed).isEqualTo(pair.leader.records());
            long cut = pair.steps.stream()
                    .mapToLong(step -> step instanceof Step.Truncate(long offset) ? offset : Long.MAX_VALUE)
                    .min()
                    .orElse(Long.MAX_VALUE);
            assertThat(cut).as("seed %d", seed).isGreaterThanOrEqualTo(common);
        }
    }

    /** Truncates as far as needed and copies a part, as a follower that dies soon. */
    private static void partlyFollow(ModelLog log, ModelLog leader, Random random) {
        log.truncate(common(log, leader));
        for (int copied = random.nextInt(3); copied > 0 && log.end() < leader.end(); copied--) {
            log.replicate(leader.epochAt(log.end()));
        }
    }

    private static long common(ModelLog one, ModelLog other) {
        long end = Math.min(one.end(), other.end());
        long offset = 0;
        while (offset < end && one.epochAt(offset) == other.epochAt(offset)) {
            offset++;
        }
        return offset;
    }
}
