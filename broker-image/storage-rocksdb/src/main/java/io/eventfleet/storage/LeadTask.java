// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.LogState;
import org.rocksdb.RocksDBException;

/** Begins a leader epoch: its start is in the same write-ahead log, before the first append that carries it. */
final class LeadTask extends StageTask<Void> {

    private final StorageShard shard;
    private final PartitionState partition;
    private final int leaderEpoch;

    LeadTask(StorageShard shard, PartitionState partition, int leaderEpoch) {
        this.shard = shard;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        LogState log = partition.log(shard.database());
        if (refused(this, partition, leaderEpoch, log)) {
            return;
        }
        var before = log.epochs();
        log.becomeLeader(leaderEpoch);
        EpochRows.replace(turn, partition.handle(), before, log.epochs());
        turn.touch(partition);
        var epochs = log.epochs();
        turn.afterWrite(() -> {
            partition.publishEpochs(epochs);
            partition.publishLeaderEpoch(leaderEpoch);
        });
        turn.afterDurable(() -> done().complete(null));
    }

    /** Fails a role that is taken up under an epoch that is over; true when it did. */
    static boolean refused(StageTask<Void> task, PartitionState partition, int leaderEpoch, LogState log) {
        boolean refused = partition.deleted() || leaderEpoch < log.leaderEpoch();
        if (refused) {
            task.done()
                    .completeExceptionally(
                            new IllegalStateException("leader epoch " + leaderEpoch + " of " + partition.id()
                                    + " comes after " + log.leaderEpoch() + (partition.deleted() ? ", deleted" : "")));
        }
        return refused;
    }
}
