// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

/**
 * What a topic allows a batch to be.
 *
 * @param maxMessageBytes greatest size of one batch in bytes ({@code max.message.bytes})
 * @param timestampBeforeMaxMs how far a record's timestamp may lie in the past, in ms
 * @param timestampAfterMaxMs how far a record's timestamp may lie in the future, in ms
 * @param appendTime the topic stamps its own time, so the client's timestamps do not matter
 */
public record BatchLimits(
        int maxMessageBytes, long timestampBeforeMaxMs, long timestampAfterMaxMs, boolean appendTime) {

    /** Kafka's defaults: 1 MiB and some overhead; any past; one hour of future. */
    public static final BatchLimits DEFAULT = new BatchLimits(1048588, Long.MAX_VALUE, 3_600_000L, false);
}
