// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import org.rocksdb.RocksDBException;

/** Something that a shard's writer does in one of its turns. */
interface ShardTask {

    /** Bytes that the task holds while it waits. */
    default int sizeBytes() {
        return 0;
    }

    /** Whether the task must find in the database what the tasks before it do: it then begins a turn. */
    default boolean readsWritten() {
        return false;
    }

    /** Runs on the writer thread: reads state, adds to the turn's batch, says what is to happen afterwards. */
    void perform(Turn turn) throws RocksDBException;

    /** The task will never be performed; called instead of {@link #perform}. */
    void refuse(StorageException why);
}
