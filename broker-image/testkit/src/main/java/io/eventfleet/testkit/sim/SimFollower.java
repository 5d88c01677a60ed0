// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FollowerReplica;
import io.eventfleet.core.replication.FollowerReplica.Step;
import io.eventfleet.core.replication.LogExtent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition that a simulated broker follows in one epoch: {@link FollowerReplica} with a log. */
final class SimFollower {

    private final SimNode.Process process;
    private final RecordOracle oracle;
    private final SimLog log;
    private final int leaderId;
    private final FollowerReplica replica;
    private boolean ended;
    private boolean busy;
    private long retryAt;

    /** The log follows in this epoch already. */
    SimFollower(
            SimNode.Process process, RecordOracle oracle, SimLog log, int leaderId, int leaderEpoch, int uncleanEpoch) {
        this.process = process;
        this.oracle = oracle;
        this.log = log;
        this.leaderId = leaderId;
        this.replica = new FollowerReplica(
                leaderEpoch,
                uncleanEpoch,
                log.checkpointedHighWatermark(),
                extent(),
                process.cluster().replicationGuards());
        carryOut(replica.begin(extent()), null, () -> {});
    }

    TopicPartitionId id() {
        return log.id();
    }

    int leaderId() {
        return leaderId;
    }

    FollowerReplica replica() {
        return replica;
    }

    /** True when it can ask its leader now. */
    boolean idle(long now) {
        return !busy && !ended && replica.failure().isEmpty() && now >= retryAt;
    }

    long retryAt() {
        return retryAt;
    }

    /** What to ask for. */
    ReplicaWire.Wanted wanted() {
        return new ReplicaWire.Wanted(id(), replica.position(extent()), log.logStartOffset());
    }

    /** Works on an answer; {@code done} runs when the next question can be asked. */
    void answered(ReplicaWire.Part part, Runnable done) {
        if (ended || busy) {
            done.run();
        } else if (part.answer() == null) {
            retryAt = process.world().now() + process.world().between(20 * World.MS, 300 * World.MS);
            done.run();
        } else {
            carryOut(replica.on(part.answer(), extent()), part, done);
        }
    }

    private void carryOut(Step step, ReplicaWire.@Nullable Part part, Runnable done) {
        busy = true;
        Runnable settled = () -> {
            busy = false;
            if (!ended) {
                long start = replica.settle(extent());
                if (start > log.logStartOffset()) {
                    log.deleteRecordsBefore(start);
                }
                oracle.followed(process, replica, log);
            }
            done.run();
        };
        int epoch = replica.leaderEpoch();
        switch (step) {
            case Step.Keep keep -> settled.run();
            case Step.Append append -> log.replicate(epoch, part == null ? List.of() : part.batches(), settled);
            case Step.Truncate(long offset) -> {
                process.world().count("truncations");
                process.world().trace(process.name() + " truncates " + id() + " to " + offset);
                log.truncateTo(epoch, offset, end -> settled.run());
            }
            case Step.Restart(long offset) -> {
                process.world().count("restarts of a log");
                process.world().trace(process.name() + " restarts " + id() + " at " + offset);
                log.restartAt(epoch, offset, settled);
            }
            case Step.Distrust(String reason) -> {
                oracle.distrusted(process, id(), reason);
                retryAt = process.world().now() + process.world().between(20 * World.MS, 300 * World.MS);
                busy = false;
                done.run();
            }
            case Step.Fail(String reason) -> {
                oracle.failed(process, id(), reason);
                busy = false;
                done.run();
            }
        }
    }

    /** Follows no more; what is under way in the log still ends before whatever comes next. */
    void end() {
        ended = true;
        log.checkpointHighWatermark(replica.highWatermark());
    }

    void checkpoint() {
        log.checkpointHighWatermark(replica.highWatermark());
    }

    private LogExtent extent() {
        return new LogExtent(log.logStartOffset(), log.durableEndOffset(), log.epochs());
    }
}
