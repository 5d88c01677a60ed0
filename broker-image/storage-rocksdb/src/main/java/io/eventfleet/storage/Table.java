// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.charset.StandardCharsets;

/**
 * The fixed column families of a shard. Ids are on disk: never reuse, never renumber, only append. Record batches live in
 * the windows (see {@link Window}), not here.
 */
enum Table {
    /** Facts of the directory and of the broker, by name. RocksDB insists on this name for the first family. */
    META(0, "default"),
    /** (topic id, partition) to handle. */
    HANDLES(1, "t1"),
    /** Handle to {@link PartitionRow}. */
    PARTITIONS(2, "t2"),
    /** (handle, leader epoch) to start offset. */
    EPOCH_STARTS(3, "t3"),
    /** (handle, producer id) to {@link ProducerRow}. */
    PRODUCERS(4, "t4"),
    /** (handle, base offset) to what lies before that batch in its part: greatest timestamp and bytes. */
    TIME_INDEX(5, "t5"),
    /** (handle, first offset) to the window that holds the partition from there on. */
    WINDOW_PARTS(6, "t6"),
    /** Window id to its class, age and number of live parts. */
    WINDOWS(7, "t7");

    private final int id;
    private final String family;

    Table(int id, String family) {
        this.id = id;
        this.family = family;
    }

    int id() {
        return id;
    }

    /** The column family's name on disk. */
    byte[] family() {
        return family.getBytes(StandardCharsets.UTF_8);
    }
}
