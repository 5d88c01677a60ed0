// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.TopicPartitionId;
import org.rocksdb.RocksDBException;

/** Gives a partition its handle and an empty log. */
final class CreateTask extends StageTask<PartitionState> {

    private final StorageShard shard;
    private final TopicPartitionId id;

    CreateTask(StorageShard shard, TopicPartitionId id) {
        this.shard = shard;
        this.id = id;
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        int handle = shard.allocateHandle(turn);
        var partition = new PartitionState(handle, PartitionRow.empty(id, RetentionClass.UNLIMITED));
        partition.knownEmpty();
        turn.put(Table.HANDLES, Keys.partition(id), Keys.handle(handle));
        turn.touch(partition);
        turn.afterDurable(() -> done().complete(partition));
    }
}
