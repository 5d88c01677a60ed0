// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.message.Message.MetadataPush;
import io.eventfleet.core.cluster.port.DroppedReplica;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of one broker: takes pushes that are newer, says what must be persisted, and assembles the image. A push
 * that is older than anything persisted is refused.
 */
final class MetadataInstaller {

    private final int brokerId;
    private final Set<String> internalTopics;
    private final SortedMap<String, ShardDoc> shards = new TreeMap<>();
    private VersionVector persisted;
    private VersionVector installed = VersionVector.NOTHING;
    private @Nullable RegistryDoc registry;
    private int controllerId = -1;
    private String clusterId = "";

    /**
     * @param persisted newest metadata on the disk: a lower bound for what may be installed
     */
    MetadataInstaller(int brokerId, Set<String> internalTopics, VersionVector persisted) {
        this.brokerId = brokerId;
        this.internalTopics = Set.copyOf(internalTopics);
        this.persisted = persisted;
    }

    /** What is durable and in use. */
    VersionVector installed() {
        return installed;
    }

    /** What was ever durable here. */
    VersionVector persisted() {
        return persisted;
    }

    /** The own entry, as installed. */
    Optional<BrokerEntry> own() {
        return registry == null ? Optional.empty() : registry.broker(brokerId);
    }

    /**
     * How many brokers come before this one when one of them is needed: the serving ones with a smaller id, or all of
     * them if this one does not serve. A broker that knows no registry yet believes that every smaller id serves.
     */
    int rankWithout(int excludedId) {
        if (registry == null) {
            return excludedId >= 0 && excludedId < brokerId ? brokerId - 1 : brokerId;
        }
        var serving = registry.brokers().values().stream()
                .filter(broker -> broker.state() == BrokerInfo.BrokerState.UNFENCED)
                .map(BrokerEntry::id)
                .filter(id -> id != excludedId)
                .toList();
        boolean serves = serving.contains(brokerId);
        return (int) serving.stream().filter(id -> !serves || id < brokerId).count();
    }

    /** True if the push is not older than what is persisted. */
    boolean acceptable(MetadataPush push, int controllerEpoch) {
        if (push.storeGeneration() != persisted.storeGeneration()) {
            return push.storeGeneration() > persisted.storeGeneration();
        }
        if (controllerEpoch < persisted.controllerEpoch()) {
            return false;
        }
        return push.shards().entrySet().stream()
                .allMatch(shard ->
                        shard.getValue().fence().version() >= persisted.shards().getOrDefault(shard.getKey(), 0L));
    }

    /** The keys to be written before the push counts as installed. */
    SortedMap<String, byte[]> toPersist(MetadataPush push, int controllerEpoch) {
        var changes = new TreeMap<String, byte[]>();
        push.shards().forEach((name, shard) -> changes.put(DiskKeys.shard(name), bytes(DiskText.shard(shard))));
        persisted = merged(persisted, push, controllerEpoch);
        changes.put(DiskKeys.SEEN, bytes(DiskText.seen(persisted)));
        return changes;
    }

    /** The push is durable: it counts from now on. */
    void install(MetadataPush push, int controllerEpoch) {
        clusterId = push.clusterId();
        controllerId = push.controllerId();
        if (push.registry() != null
                && (registry == null
                        || push.registry().fence().version() >= registry.fence().version())) {
            registry = push.registry();
        }
        push.shards()
                .forEach((name, shard) -> shards.merge(
                        name,
                        shard,
                        (old, next) -> next.fence().version() >= old.fence().version() ? next : old));
        installed = merged(installed, push, controllerEpoch);
    }

    /** Brokers that lead what this one holds replicas of, or hold replicas of what it leads, in open topics. */
    Set<Integer> replicationPeers() {
        var open = homes().filter(home -> home.state() == TopicState.OPEN)
                .map(TopicLines::topicId)
                .collect(Collectors.toSet());
        var peers = new TreeSet<Integer>();
        for (var shard : shards.values()) {
            for (var topic : shard.topics().values()) {
                if (open.contains(topic.topicId())) {
                    topic.lines().stream()
                            .filter(line -> line.assignedTo(brokerId))
                            .forEach(line ->
                                    peers.addAll(line.leader() == brokerId ? line.replicas() : List.of(line.leader())));
                }
            }
        }
        peers.remove(brokerId);
        peers.remove(PartitionLine.NO_LEADER);
        return peers;
    }

    /** Topics whose data is to be deleted now. */
    List<UUID> purging() {
        return homes().filter(home -> home.state() == TopicState.PURGING)
                .map(TopicLines::topicId)
                .toList();
    }

    /** Replicas that were here, do not belong here any more, and are to be deleted now. */
    List<DroppedReplica> dropped() {
        var dropped = new ArrayList<DroppedReplica>();
        for (var shard : shards.values()) {
            for (var topic : shard.topics().values()) {
                for (var line : topic.lines()) {
                    var droppedIn = line.moves().dropped().get(brokerId);
                    if (droppedIn != null && !line.assignedTo(brokerId)) {
                        dropped.add(
                                new DroppedReplica(new TopicPartitionId(topic.topicId(), line.partition()), droppedIn));
                    }
                }
            }
        }
        return dropped;
    }

    /**
     * The image as this broker may use it.
     *
     * @param servingEpoch the own epoch if this broker is unfenced, else -1: then it leads nothing
     */
    ClusterImage image(long servingEpoch) {
        var brokers = new HashMap<Integer, BrokerInfo>();
        if (registry != null) {
            registry.brokers().forEach((id, entry) -> brokers.put(id, entry.info()));
        }
        var topics = homes().map(home -> topic(home, servingEpoch)).toList();
        return ClusterImage.of(clusterId, controllerId, brokers, topics).servingAs(servingEpoch);
    }

    private Stream<TopicLines> homes() {
        return shards.values().stream()
                .flatMap(shard -> shard.topics().values().stream())
                .filter(TopicLines::home);
    }

    private TopicInfo topic(TopicLines home, long servingEpoch) {
        Map<Integer, PartitionInfo> byIndex = new HashMap<>();
        for (var shard : shards.values()) {
            var lines = shard.topics().get(home.topicId());
            if (lines != null) {
                long stamp = shard.brokerEpochs().getOrDefault(brokerId, -1L);
                boolean vouchedFor = servingEpoch >= 0 && stamp == servingEpoch;
                lines.lines()
                        .forEach(line -> byIndex.put(line.partition(), partition(line, lines.minIsr(), vouchedFor)));
            }
        }
        var partitions = new ArrayList<PartitionInfo>(home.partitionCount());
        for (int p = 0; p < home.partitionCount(); p++) {
            partitions.add(byIndex.getOrDefault(p, unknown(p)));
        }
        return new TopicInfo(
                home.topicId(),
                home.name(),
                TopicInfo.TopicState.valueOf(home.state().name()),
                home.config(),
                home.minIsr(),
                internalTopics.contains(home.name()),
                partitions);
    }

    /** Where this broker may not lead yet, nobody leads as far as this broker is concerned. */
    private PartitionInfo partition(PartitionLine line, int minIsr, boolean vouchedFor) {
        boolean mayNotLead = line.leader() == brokerId && !vouchedFor;
        return new PartitionInfo(
                line.partition(),
                mayNotLead ? PartitionInfo.NO_LEADER : line.leader(),
                line.leaderEpoch(),
                line.partitionEpoch(),
                line.effectiveMinIsr(minIsr),
                line.replicas(),
                line.isr(),
                line.elr(),
                line.moves().adding(),
                line.moves().removing(),
                line.uncleanEpoch());
    }

    private static PartitionInfo unknown(int partition) {
        return PartitionInfo.of(partition, PartitionInfo.NO_LEADER, 0, 0, 1, List.of(), List.of());
    }

    private static VersionVector merged(VersionVector before, MetadataPush push, int controllerEpoch) {
        var versions = new TreeMap<String, Long>();
        if (before.storeGeneration() == push.storeGeneration()) {
            versions.putAll(before.shards());
        }
        push.shards()
                .forEach((name, shard) -> versions.merge(name, shard.fence().version(), Math::max));
        long registryVersion = push.registry() == null
                ? before.registryVersion()
                : Math.max(before.registryVersion(), push.registry().fence().version());
        return new VersionVector(
                push.storeGeneration(), Math.max(before.controllerEpoch(), controllerEpoch), registryVersion, versions);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
