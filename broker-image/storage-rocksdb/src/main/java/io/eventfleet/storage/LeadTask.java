// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.LogState;
import java.nio.ByteBuffer;
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
        if (partition.deleted() || leaderEpoch < log.leaderEpoch()) {
            done().completeExceptionally(new IllegalStateException("leader epoch " + leaderEpoch + " of "
                    + partition.id() + " comes after " + log.leaderEpoch() + (partition.deleted() ? ", deleted" : "")));
            return;
        }
        var before = log.epochs();
        if (log.becomeLeader(leaderEpoch)) {
            for (var start : before.starts()) {
                if (start.startOffset() >= log.logEndOffset()) {
                    turn.delete(Table.EPOCH_STARTS, Keys.epoch(partition.handle(), start.leaderEpoch()));
                }
            }
            turn.put(
                    Table.EPOCH_STARTS,
                    Keys.epoch(partition.handle(), leaderEpoch),
                    ByteBuffer.allocate(Long.BYTES).putLong(log.logEndOffset()).array());
        }
        turn.touch(partition);
        var epochs = log.epochs();
        turn.afterWrite(() -> {
            partition.publishEpochs(epochs);
            partition.publishLeaderEpoch(leaderEpoch);
        });
        turn.afterDurable(() -> done().complete(null));
    }
}
