// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.function.LongConsumer;

/**
 * A partition that this broker leads, as a coordinator hosted on it needs it. The handle is bound to one leader epoch:
 * appends under it are refused by the partition's writer once the epoch has passed.
 */
public interface LedPartition {

    PartitionLog log();

    /** The epoch under which this broker leads. */
    int leaderEpoch();

    /** Everything below is committed. */
    long highWatermark();

    /** Calls the listener with every new high watermark, in order, on a storage or replication thread. */
    void addHighWatermarkListener(LongConsumer listener);

    void removeHighWatermarkListener(LongConsumer listener);
}
