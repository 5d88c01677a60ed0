// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.ShardText;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.util.TreeMap;
import java.util.UUID;

/** Text of the values behind {@link DiskKeys}. Cluster ids and tokens contain no blanks. */
final class DiskText {

    private static final String BLOCK = "\n\n";

    private DiskText() {}

    static String served(DiskState.Served served) {
        return served.brokerEpoch() + " " + served.incarnation() + " " + served.durability() + " " + served.bootId();
    }

    static DiskState.Served parseServed(String text) {
        String[] parts = text.split(" ", 4);
        return new DiskState.Served(
                Long.parseLong(parts[0]), UUID.fromString(parts[1]), parts[3], Durability.valueOf(parts[2]));
    }

    static String seen(VersionVector seen) {
        var out = new StringBuilder();
        out.append(seen.storeGeneration()).append(' ').append(seen.controllerEpoch());
        out.append(' ').append(seen.registryVersion());
        seen.shards()
                .forEach((name, version) ->
                        out.append(' ').append(name).append('=').append(version));
        return out.toString();
    }

    static VersionVector parseSeen(String text) {
        String[] parts = text.split(" ");
        var shards = new TreeMap<String, Long>();
        for (int i = 3; i < parts.length; i++) {
            int equals = parts[i].lastIndexOf('=');
            shards.put(parts[i].substring(0, equals), Long.valueOf(parts[i].substring(equals + 1)));
        }
        return new VersionVector(
                Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]), shards);
    }

    /** Head line, stamp line, then a block per topic beginning with its id; an empty line between blocks. */
    static String shard(ShardDoc shard) {
        var fence = shard.fence();
        var out = new StringBuilder();
        out.append(fence.storeGeneration()).append(' ').append(fence.clusterId());
        out.append(' ').append(fence.controllerEpoch()).append(' ').append(fence.version());
        out.append(' ')
                .append(fence.writeToken())
                .append(' ')
                .append(shard.shardId())
                .append('\n');
        out.append("stamps");
        shard.brokerEpochs()
                .forEach((id, epoch) -> out.append(' ').append(id).append('=').append(epoch));
        for (TopicLines topic : shard.topics().values()) {
            out.append(BLOCK)
                    .append(topic.topicId())
                    .append('\n')
                    .append(ShardText.encode(topic).stripTrailing());
        }
        return out.toString();
    }

    static ShardDoc parseShard(String text) {
        String[] blocks = text.split(BLOCK);
        String[] rows = blocks[0].split("\n");
        String[] head = rows[0].split(" ");
        var fence = new Fence(
                Long.parseLong(head[0]), head[1], Integer.parseInt(head[2]), Long.parseLong(head[3]), head[4]);
        var stamps = new TreeMap<Integer, Long>();
        String[] stampTokens = rows[1].split(" ");
        for (int i = 1; i < stampTokens.length; i++) {
            int equals = stampTokens[i].indexOf('=');
            stamps.put(
                    Integer.valueOf(stampTokens[i].substring(0, equals)),
                    Long.valueOf(stampTokens[i].substring(equals + 1)));
        }
        var topics = new TreeMap<UUID, TopicLines>();
        for (int i = 1; i < blocks.length; i++) {
            int newline = blocks[i].indexOf('\n');
            var id = UUID.fromString(blocks[i].substring(0, newline));
            topics.put(id, ShardText.parse(id, blocks[i].substring(newline + 1)));
        }
        return new ShardDoc(fence, Integer.parseInt(head[5]), stamps, topics);
    }
}
