// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import org.rocksdb.RocksDBException;

/**
 * Deletes a partition: its handle is dead from this turn on and never used again, so its records are unreachable and go
 * with their windows.
 */
final class DeleteTask extends StageTask<Void> {

    private final StorageShard shard;
    private final PartitionState partition;

    DeleteTask(StorageShard shard, PartitionState partition) {
        this.shard = shard;
        this.partition = partition;
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        if (partition.deleted()) {
            turn.afterSync(() -> done().complete(null));
            return;
        }
        int handle = partition.handle();
        turn.untouch(partition);
        for (var part : partition.parts(shard.database())) {
            turn.delete(Table.WINDOW_PARTS, Keys.pair(handle, part.firstOffset()));
            shard.windows().partDied(part.windowId(), turn);
        }
        turn.delete(Table.HANDLES, Keys.partition(partition.id()));
        turn.delete(Table.PARTITIONS, Keys.handle(handle));
        for (var table : new Table[] {Table.EPOCH_STARTS, Table.PRODUCERS, Table.TIME_INDEX}) {
            turn.deleteRange(table, Keys.handle(handle), Keys.handle(handle + 1));
        }
        partition.markDeleted();
        turn.afterWrite(() -> shard.tails().forget(partition));
        turn.afterSync(() -> done().complete(null));
    }
}
