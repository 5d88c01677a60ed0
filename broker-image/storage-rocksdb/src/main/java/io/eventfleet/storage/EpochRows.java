// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.EpochHistory;
import java.nio.ByteBuffer;
import org.rocksdb.RocksDBException;

/** The rows of {@link Table#EPOCH_STARTS}: which epochs of a partition began where. */
final class EpochRows {

    private EpochRows() {}

    /** Adds to the turn what makes the stored history the new one. */
    static void replace(Turn turn, int handle, EpochHistory before, EpochHistory after) throws RocksDBException {
        for (var start : before.starts()) {
            if (!after.starts().contains(start)) {
                turn.delete(Table.EPOCH_STARTS, Keys.epoch(handle, start.leaderEpoch()));
            }
        }
        for (var start : after.starts()) {
            if (!before.starts().contains(start)) {
                turn.put(
                        Table.EPOCH_STARTS,
                        Keys.epoch(handle, start.leaderEpoch()),
                        ByteBuffer.allocate(Long.BYTES)
                                .putLong(start.startOffset())
                                .array());
            }
        }
    }
}
