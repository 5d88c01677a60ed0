// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

/**
 * A batch of records in a simulated log.
 *
 * @param baseOffset offset of the first record
 * @param records how many there are
 * @param leaderEpoch epoch of the leader that assigned the offsets
 * @param payload what it says: one number per produce request of a run, kept by its retries
 */
record SimBatch(long baseOffset, int records, int leaderEpoch, long payload) {

    /** Offset after the last record. */
    long endOffset() {
        return baseOffset + records;
    }
}
