// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

/** One atomic write to a log: after a crash it is there as a whole, or not at all. */
sealed interface LogChange {

    /** A batch at the end. */
    record Append(SimBatch batch) implements LogChange {}

    /** The beginning of an epoch that this replica leads. */
    record BeginEpoch(int leaderEpoch) implements LogChange {}

    /** Every batch that ends after the offset is gone. */
    record Truncate(long offset) implements LogChange {}

    /** The whole log is gone; an empty one begins. */
    record Restart(long offset) implements LogChange {}

    /** Nothing below the offset can be read any more. */
    record MoveStart(long offset) implements LogChange {}

    /** The high watermark to start from. */
    record Checkpoint(long highWatermark) implements LogChange {}
}
