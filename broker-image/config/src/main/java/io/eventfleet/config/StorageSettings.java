// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

/**
 * How records are kept on disk.
 *
 * @param durability when an append counts
 * @param shards storage shards of a newly formatted data directory; 0 derives one per two cores
 * @param memoryBytes native memory for block cache and memtables together
 * @param tailCacheBytes memory for the newest record batches
 * @param deletedTopicRetentionMs milliseconds for which the data of a topic whose resource was deleted can be restored
 * @param retentionCheckIntervalMs milliseconds between two searches for expired records
 * @param producerIdExpirationMs milliseconds after which the state of an idle producer is forgotten
 */
public record StorageSettings(
        Durability durability,
        int shards,
        long memoryBytes,
        long tailCacheBytes,
        long deletedTopicRetentionMs,
        long retentionCheckIntervalMs,
        long producerIdExpirationMs) {

    /** When an append counts. */
    public enum Durability {
        /** After it is on disk. */
        SYNCED,
        /** After it is with the operating system: it survives the process, not the machine. */
        BUFFERED
    }

    /** The number of storage shards of a data directory that is formatted on a machine with that many cores. */
    public int shardsFor(int cores) {
        return shards > 0 ? shards : Math.max(1, cores / 2);
    }

    static StorageSettings of(SettingValues values) {
        return new StorageSettings(
                values.text("eventfleet.storage.durability").equals("Synced") ? Durability.SYNCED : Durability.BUFFERED,
                values.integer("eventfleet.storage.shards"),
                values.number("eventfleet.storage.memory.bytes"),
                values.number("eventfleet.tail.cache.bytes"),
                values.number("eventfleet.deleted.topic.retention.ms"),
                values.number("log.retention.check.interval.ms"),
                values.number("producer.id.expiration.ms"));
    }
}
