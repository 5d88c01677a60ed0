// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topic in a PartitionShard, as a reader outside the brokers sees it. The text is written by the brokers ({@code
 * io.eventfleet.core.cluster.ShardText}); fields that are not named here are skipped.
 *
 * @param name what Kafka clients call the topic
 * @param uid uid of the Topic resource that it belongs to
 * @param state life cycle
 * @param home true in the one shard whose partition count and state are valid
 * @param partitionCount partitions of the topic
 * @param partitions the partitions that this shard holds
 */
public record ShardTopic(
        String name, String uid, State state, boolean home, int partitionCount, List<Partition> partitions) {

    /** Life cycle of a topic. */
    public enum State {
        /** Partitions are being created; there is no data. */
        NEW,
        /** Partitions have leaders and data. */
        OPEN,
        /** Deleted and restorable. */
        TOMBSTONE,
        /** Being removed for good. */
        PURGING
    }

    /**
     * A partition.
     *
     * @param id its number
     * @param leader broker id; {@link #NO_LEADER} when there is none
     * @param replicas broker ids, those that come and those that go included
     * @param isr broker ids of the replicas in sync
     * @param adding broker ids of replicas that come
     * @param removing broker ids of replicas that go when all that come are in sync
     */
    public record Partition(
            int id,
            int leader,
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> adding,
            List<Integer> removing) {
        /** There is no leader. */
        public static final int NO_LEADER = -1;

        /** True when a replica is not in sync, other than one that comes. */
        public boolean underReplicated() {
            return replicas.stream().anyMatch(id -> !isr.contains(id) && !adding.contains(id));
        }

        /** True while replicas come or go. */
        public boolean moving() {
            return !adding.isEmpty() || !removing.isEmpty();
        }

        /** The replicas when nothing comes or goes any more. */
        public List<Integer> settled() {
            return replicas.stream().filter(id -> !removing.contains(id)).toList();
        }
    }

    /**
     * Reads the text of a topic.
     *
     * @throws IllegalArgumentException when it has no such form
     */
    public static ShardTopic parse(String text) {
        var rows = text.split("\n");
        var header = fields(rows[0]);
        var partitions = new ArrayList<Partition>(rows.length - 1);
        for (var row = 1; row < rows.length; row++) {
            if (!rows[row].isBlank()) {
                partitions.add(partition(rows[row]));
            }
        }
        return new ShardTopic(
                required(header, "name"),
                required(header, "uid"),
                State.valueOf(required(header, "state")),
                !"no".equals(header.get("home")),
                Integer.parseInt(required(header, "partitions")),
                List.copyOf(partitions));
    }

    private static Partition partition(String row) {
        var tokens = row.trim().split(" +");
        var at = tokens.length < 4 ? -1 : tokens[1].indexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("not a partition line: " + row);
        }
        var leader = tokens[1].substring(0, at);
        var replicas = ids(tokens[2]);
        return new Partition(
                Integer.parseInt(tokens[0]),
                leader.equals("-") ? Partition.NO_LEADER : Integer.parseInt(leader),
                replicas,
                tokens[3].equals("=") ? replicas : ids(tokens[3]),
                list(tokens, "adding="),
                list(tokens, "removing="));
    }

    private static List<Integer> list(String[] tokens, String prefix) {
        for (var i = 4; i < tokens.length; i++) {
            if (tokens[i].startsWith(prefix)) {
                return ids(tokens[i].substring(prefix.length()));
            }
        }
        return List.of();
    }

    private static List<Integer> ids(String text) {
        if (text.equals("-")) {
            return List.of();
        }
        var ids = new ArrayList<Integer>();
        for (var id : text.split(",")) {
            ids.add(Integer.valueOf(id));
        }
        return List.copyOf(ids);
    }

    private static String required(Map<String, String> header, String key) {
        var value = header.get(key);
        if (value == null) {
            throw new IllegalArgumentException("field is missing: " + key);
        }
        return value;
    }

    private static Map<String, String> fields(String row) {
        var fields = new LinkedHashMap<String, String>();
        for (var token : row.split(" ")) {
            var equals = token.indexOf('=');
            if (equals > 0) {
                fields.put(token.substring(0, equals), decoded(token.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        var out = new StringBuilder(value.length());
        for (var i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '%' && i + 2 < value.length()) {
                out.append((char) Integer.parseInt(value, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.append(value.charAt(i));
            }
        }
        return out.toString();
    }
}
