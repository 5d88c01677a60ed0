// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.ArrayList;
import java.util.List;
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
 * topic whose home is another shard; then {@code partitions} and {@code state} do not count. {@code grace} and
 * {@code graceTotal} (milliseconds) belong to TOMBSTONE. Settings carry the prefix {@code c.}.
 *
 * <p>Partition: {@code p leader@leaderEpoch.partitionEpoch replicas isr} with {@code -} for "no leader" and "nobody",
 * {@code =} for "ISR is replicas"; then, only when set, {@code /elr}, {@code ~lastKnownElr}, {@code born=} (when it is
 * not the header's) and {@code unclean=}. Fields and tokens that this version does not know are kept as they are.
 */
public final class ShardText {

    private static final String NOBODY = "-";
    private static final String SETTING = "c.";

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
        line.extra().forEach(token -> out.append(' ').append(token));
        out.append('\n');
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
}
