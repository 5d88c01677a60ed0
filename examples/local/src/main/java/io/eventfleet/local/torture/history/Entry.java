// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.history;

/**
 * One record as a reader saw it.
 *
 * @param leaderEpoch the epoch under which it was appended, -1 when the reader was not told
 */
public record Entry(long offset, long value, int leaderEpoch) {}
