// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Map;

/**
 * The settings in force for one topic, typed. Immutable; made by {@link TopicSettings#effective}.
 *
 * @param values every topic-level key with its value
 */
public record TopicPolicy(Map<String, String> values) {
    public TopicPolicy {
        values = Map.copyOf(values);
    }

    /** True when expired records are removed. */
    public boolean deletes() {
        return cleanupPolicyHas("delete");
    }

    /** True when only the newest record of each key has to be kept. */
    public boolean compacts() {
        return cleanupPolicyHas("compact");
    }

    /** Milliseconds after which a record may be removed; -1: never. */
    public long retentionMs() {
        return number("retention.ms");
    }

    /** Bytes that a partition may hold; -1: no bound. */
    public long retentionBytes() {
        return number("retention.bytes");
    }

    /** Milliseconds for which data outlives an admin client's deletion of the topic. */
    public long fileDeleteDelayMs() {
        return number("file.delete.delay.ms");
    }

    /** Largest accepted record batch, bytes. */
    public int maxMessageBytes() {
        return Math.toIntExact(number("max.message.bytes"));
    }

    /** Replicas that must hold a record before acks=all is answered, before it is capped by the replicas that exist. */
    public int minInsyncReplicas() {
        return Math.toIntExact(number("min.insync.replicas"));
    }

    /** True when the broker stamps records with the time of their append. */
    public boolean logAppendTime() {
        return text("message.timestamp.type").equals("LogAppendTime");
    }

    /** Milliseconds by which a timestamp may lie in the past. */
    public long messageTimestampBeforeMaxMs() {
        return number("message.timestamp.before.max.ms");
    }

    /** Milliseconds by which a timestamp may lie in the future. */
    public long messageTimestampAfterMaxMs() {
        return number("message.timestamp.after.max.ms");
    }

    /** Milliseconds for which a tombstone of a compacted topic is kept at least. */
    public long deleteRetentionMs() {
        return number("delete.retention.ms");
    }

    /** Milliseconds for which a record of a compacted topic is kept at least. */
    public long minCompactionLagMs() {
        return number("min.compaction.lag.ms");
    }

    /** Share of a compacted partition that has to be uncompacted before it is compacted again, 0 to 1. */
    public double minCleanableDirtyRatio() {
        return Double.parseDouble(text("min.cleanable.dirty.ratio"));
    }

    private boolean cleanupPolicyHas(String policy) {
        return Arrays.stream(text("cleanup.policy").split(","))
                .anyMatch(word -> word.trim().equals(policy));
    }

    private long number(String key) {
        return Long.parseLong(text(key));
    }

    private String text(String key) {
        return requireNonNull(values.get(key), key);
    }
}
