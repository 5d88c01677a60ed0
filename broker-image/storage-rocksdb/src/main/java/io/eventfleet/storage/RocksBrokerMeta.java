// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BrokerMeta;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;

/** The broker's own facts in {@link Table#META} of the first shard. A value is seen once it is synced. */
final class RocksBrokerMeta implements BrokerMeta {

    private static final String PREFIX = "broker.";

    private final StorageShard shard;
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();

    RocksBrokerMeta(StorageShard shard, String directoryId) {
        this.shard = shard;
        byte[] from = StorageShard.bytes(PREFIX);
        shard.database().scan(Table.META, from, null, (key, value) -> {
            String name = new String(key, java.nio.charset.StandardCharsets.UTF_8);
            boolean ours = name.startsWith(PREFIX);
            if (ours) {
                values.put(name.substring(PREFIX.length()), value);
            }
            return ours;
        });
        values.put(DIRECTORY_ID, StorageShard.bytes(directoryId));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(values.get(key)).map(byte[]::clone);
    }

    @Override
    public CompletionStage<Void> putSync(Map<String, byte[]> changes) {
        var copy = Map.copyOf(changes);
        if (copy.containsKey(DIRECTORY_ID)) {
            throw new IllegalArgumentException(DIRECTORY_ID + " is fixed when the directory is formatted");
        }
        var task = new StageTask<Void>() {
            @Override
            public void perform(Turn turn) throws RocksDBException {
                for (var change : copy.entrySet()) {
                    byte[] key = StorageShard.bytes(PREFIX + change.getKey());
                    if (change.getValue().length == 0) {
                        turn.delete(Table.META, key);
                    } else {
                        turn.put(Table.META, key, change.getValue());
                    }
                }
                turn.afterSync(() -> {
                    apply(copy);
                    done().complete(null);
                });
            }
        };
        shard.submit(task);
        return task.done();
    }

    private void apply(Map<String, byte[]> changes) {
        changes.forEach((key, value) -> {
            if (value.length == 0) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
        });
    }
}
