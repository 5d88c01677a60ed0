// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A volume: the broker's own facts and the logs. */
final class SimVolume {

    private final SimDisk facts = new SimDisk();
    private final SortedMap<String, LogDisk> logs = new TreeMap<>();
    private boolean suspect;

    SimDisk facts() {
        return facts;
    }

    /** Something that counted may be missing, and no registration has said so yet. */
    boolean suspect() {
        return suspect;
    }

    void suspect(boolean value) {
        suspect = value;
    }

    /** The log, created empty the first time. */
    LogDisk log(TopicPartitionId id) {
        return logs.computeIfAbsent(id.toString(), key -> new LogDisk());
    }

    SortedMap<String, LogDisk> logs() {
        return Collections.unmodifiableSortedMap(logs);
    }

    void delete(TopicPartitionId id) {
        logs.remove(id.toString());
    }

    void deleteTopic(String topicId) {
        logs.keySet().removeIf(id -> id.startsWith(topicId));
    }

    /** A starting process makes durable whatever it finds, before it reports any of it (A7). */
    void syncAll() {
        logs.values().forEach(log -> log.sync(log.writes()));
    }

    void losePower(World world) {
        logs.values().forEach(log -> log.losePower(world));
    }

    void wipe() {
        facts.wipe();
        logs.clear();
        suspect = true;
    }
}
