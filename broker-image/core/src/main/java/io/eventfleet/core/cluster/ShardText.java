// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The text form of one topic in a shard. One header line, then one line per partition:
 *
 * <pre>
 * name=payments uid=4f… state=OPEN partitions=2 minISR=1 born=7 c.retention.ms=60000
 * 0 1@3.5 1 =
 * 1 -@4.9 2 - /2 ~0 born=9 unclean=3
 * </pre>
 *
 * <p>Header: {@code key=value} fields, blanks and control characters in values as {@code %XX}. {@code home=no} marks a
 * topic whose home is another shard; then {@code partitions} and {@code state} do not count. {@code rf} is the
 * replication factor of the Topic resource. {@code grace} and {@code graceTotal} (milliseconds) belong to TOMBSTONE.
 * Settings carry the prefix {@code c.}.
 *
 * <p>Partition: {@code p leader@leaderEpoch.partitionEpoch replicas isr} with {@code -} for "no leader" and "nobody",
 * {@code =} for "ISR is replicas"; then, only when set, {@code /elr}, {@code ~lastKnownElr}, {@code born=} (when it is
 * not the header's) and {@code unclean=}. Fields and tokens that this version does not know are kept as they are.
 */
public final class ShardText {

    private static final String NOBODY = "-";
    private static final String SETTING = "c.";
    private static final String ADDING = "adding=";
    private static final String REMOVING = "removing=";
    private static final String DROPPED = "dropped=";

    private ShardText() {}

    /** Writes the block of a topic; the topic id is the key under which the block is stored. */
    public static String encode(TopicLines topic) {
        long born = topic.lines().isEmpty() ? 0 : topic.lines().getFirst().born();
        var out = new StringBuilder(64 + topic.lines().size() * 28);
        Fields.append(out, "name", topic.name());
        Fields.append(out, "uid", topic.uid());
        Fields.append(out, "state", topic.state());
        if (!topic.home()) {
            Fields.append(out, "home", "no");
        }
        Fields.append(out, "partitions", topic.partitionCount());
        Fields.append(out, "minISR", topic.minIsr());
        if (topic.replicationFactor() > 0) {
            Fields.append(out, "rf", topic.replicationFactor());
        }
        Fields.append(out, "born", born);
        if (topic.graceTotalMs() != 0) {
            Fields.append(out, "grace", topic.graceMs());
            Fields.append(out, "graceTotal", topic.graceTotalMs());
        }
        topic.config().forEach((key, value) -> Fields.append(out, SETTING + key, value));
        topic.extra().forEach((key, value) -> Fields.append(out, key, value));
        out.append('\n');
        for (PartitionLine line : topic.lines()) {
            appendLine(out, line, born);
        }
        return out.toString();
    }

    /**
     * Reads the block of a topic.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static TopicLines parse(UUID topicId, String text) {
        String[] rows = text.split("\n");
        var header = Fields.parse(rows[0]);
        String name = header.take("name");
        String uid = header.take("uid");
        var state = TopicState.valueOf(header.take("state"));
        boolean home = !header.take("home", "yes").equals("no");
        int partitions = Integer.parseInt(header.take("partitions"));
        int minIsr = Integer.parseInt(header.take("minISR"));
        int replicationFactor = Integer.parseInt(header.take("rf", "0"));
        long born = Long.parseLong(header.take("born", "0"));
        long grace = Long.parseLong(header.take("grace", "0"));
        long graceTotal = Long.parseLong(header.take("graceTotal", "0"));
        var config = header.takePrefixed(SETTING);
        var lines = new ArrayList<PartitionLine>(rows.length - 1);
        for (int i = 1; i < rows.length; i++) {
            if (!rows[i].isBlank()) {
                lines.add(parseLine(rows[i], born));
            }
        }
        return new TopicLines(
                topicId,
                name,
                uid,
                state,
                home,
                partitions,
                minIsr,
                replicationFactor,
                grace,
                graceTotal,
                config,
                lines,
                new TreeMap<>(header.rest()));
    }

    private static void appendLine(StringBuilder out, PartitionLine line, long headerBorn) {
        out.append(line.partition()).append(' ');
        out.append(line.leader() == PartitionLine.NO_LEADER ? NOBODY : Integer.toString(line.leader()));
        out.append('@').append(line.leaderEpoch()).append('.').append(line.partitionEpoch());
        out.append(' ').append(ids(line.replicas()));
        out.append(' ').append(line.isr().equals(line.replicas()) ? "=" : ids(line.isr()));
        if (!line.elr().isEmpty()) {
            out.append(" /").append(ids(line.elr()));
        }
        if (!line.lastKnownElr().isEmpty()) {
            out.append(" ~").append(ids(line.lastKnownElr()));
        }
        if (line.born() != headerBorn) {
            out.append(" born=").append(line.born());
        }
        if (line.uncleanEpoch() >= 0) {
            out.append(" unclean=").append(line.uncleanEpoch());
        }
        appendMoves(out, line.moves());
        line.extra().forEach(token -> out.append(' ').append(token));
        out.append('\n');
    }

    private static void appendMoves(StringBuilder out, ReplicaMoves moves) {
        if (!moves.adding().isEmpty()) {
            out.append(' ').append(ADDING).append(ids(moves.adding()));
        }
        if (!moves.removing().isEmpty()) {
            out.append(' ').append(REMOVING).append(ids(moves.removing()));
        }
        if (!moves.dropped().isEmpty()) {
            var joined = new StringJoiner(",", " " + DROPPED, "");
            moves.dropped().forEach((id, epoch) -> joined.add(id + ":" + epoch));
            out.append(joined);
        }
    }

    private static PartitionLine parseLine(String row, long headerBorn) {
        String[] tokens = row.trim().split(" +");
        if (tokens.length < 4) {
            throw new IllegalArgumentException("not a partition line: " + row);
        }
        int at = tokens[1].indexOf('@');
        int dot = tokens[1].indexOf('.', at + 1);
        String leader = tokens[1].substring(0, at);
        var replicas = parseIds(tokens[2]);
        List<Integer> elr = List.of();
        List<Integer> lastKnownElr = List.of();
        long born = headerBorn;
        int unclean = -1;
        var moves = ReplicaMoves.NONE;
        var extra = new ArrayList<String>();
        for (int i = 4; i < tokens.length; i++) {
            String token = tokens[i];
            if (token.startsWith("/")) {
                elr = parseIds(token.substring(1));
            } else if (token.startsWith("~")) {
                lastKnownElr = parseIds(token.substring(1));
            } else if (token.startsWith("born=")) {
                born = Long.parseLong(token.substring("born=".length()));
            } else if (token.startsWith("unclean=")) {
                unclean = Integer.parseInt(token.substring("unclean=".length()));
            } else if (token.startsWith(ADDING)) {
                moves = new ReplicaMoves(parseIds(token.substring(ADDING.length())), moves.removing(), moves.dropped());
            } else if (token.startsWith(REMOVING)) {
                moves = new ReplicaMoves(moves.adding(), parseIds(token.substring(REMOVING.length())), moves.dropped());
            } else if (token.startsWith(DROPPED)) {
                moves = new ReplicaMoves(
                        moves.adding(), moves.removing(), parseDropped(token.substring(DROPPED.length())));
            } else {
                extra.add(token);
            }
        }
        return new PartitionLine(
                Integer.parseInt(tokens[0]),
                leader.equals(NOBODY) ? PartitionLine.NO_LEADER : Integer.parseInt(leader),
                Integer.parseInt(tokens[1].substring(at + 1, dot)),
                Integer.parseInt(tokens[1].substring(dot + 1)),
                replicas,
                tokens[3].equals("=") ? replicas : parseIds(tokens[3]),
                elr,
                lastKnownElr,
                moves,
                born,
                unclean,
                extra);
    }

    private static String ids(List<Integer> ids) {
        if (ids.isEmpty()) {
            return NOBODY;
        }
        var joined = new StringJoiner(",");
        ids.forEach(id -> joined.add(Integer.toString(id)));
        return joined.toString();
    }

    private static List<Integer> parseIds(String text) {
        if (text.equals(NOBODY)) {
            return List.of();
        }
        var ids = new ArrayList<Integer>();
        for (String id : text.split(",")) {
            ids.add(Integer.valueOf(id));
        }
        return ids;
    }

    private static SortedMap<Integer, Integer> parseDropped(String text) {
        var dropped = new TreeMap<Integer, Integer>();
        for (String entry : text.split(",")) {
            int colon = entry.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("not broker:partitionEpoch: " + entry);
            }
            dropped.put(Integer.valueOf(entry.substring(0, colon)), Integer.valueOf(entry.substring(colon + 1)));
        }
        return dropped;
    }
}
