// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What every shard's META says about the whole directory, fixed when it is formatted.
 *
 * @param directoryId identity of the directory, a UUID
 * @param shards number of shards: partitions are spread by it, so it never changes
 * @param index which of them this one is
 */
record StoreFormat(String directoryId, int shards, int index) {

    private static final String KEY = "store.format";
    private static final String VERSION = "1";

    static StoreFormat fresh(int shards) {
        return new StoreFormat(UUID.randomUUID().toString(), shards, 0);
    }

    StoreFormat forShard(int shardIndex) {
        return new StoreFormat(directoryId, shards, shardIndex);
    }

    static @Nullable StoreFormat read(ShardDatabase database) {
        byte[] stored = database.get(Table.META, StorageShard.bytes(KEY));
        if (stored == null) {
            return null;
        }
        String[] fields = new String(stored, StandardCharsets.UTF_8).split(" ", -1);
        if (fields.length != 4 || !fields[0].equals(VERSION)) {
            throw new StorageException(
                    StorageException.Reason.FOREIGN,
                    "the directory has format " + fields[0] + ", this version knows " + VERSION);
        }
        return new StoreFormat(fields[1], Integer.parseInt(fields[2]), Integer.parseInt(fields[3]));
    }

    /** Writes it, durably. */
    void write(ShardDatabase database) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            var text = String.join(" ", VERSION, directoryId, Integer.toString(shards), Integer.toString(index));
            batch.put(database.table(Table.META), StorageShard.bytes(KEY), StorageShard.bytes(text));
            database.write(batch);
            database.sync();
        }
    }
}
