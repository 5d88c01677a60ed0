// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.PartitionMetadataClient;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/**
 * Kafka's coordinator service with everything that it is given, from its start to its end. Elections and metadata come
 * on a thread each.
 */
record RunningCoordinator(int partitions, GroupCoordinatorService service, CoordinatorMetrics numbers)
        implements AutoCloseable {

    /**
     * Builds and starts it. Throws Kafka's ConfigException, which names the key, when settings contradict each other.
     *
     * @param partitions number of partitions of {@link OffsetsTopic#NAME}
     */
    static RunningCoordinator start(GroupHostSettings settings, int partitions, CoordinatorLogs logs, Time time) {
        var config = GroupCoordinatorConfig.fromProps(settings.coordinatorSettings());
        var shareConfig = ShareGroupConfig.fromProps(settings.coordinatorSettings());
        var metrics = new CoordinatorMetrics();
        var service = new GroupCoordinatorService.Builder(settings.brokerId(), config)
                .withTime(time)
                .withTimer(new SystemTimerReaper("group-coordinator-reaper", new SystemTimer("group-coordinator")))
                .withWriter(new CoordinatorPartitionWriter(logs, time, settings.maxBatchBytes()))
                .withLoader(new CoordinatorLogLoader(
                        logs, new GroupCoordinatorRecordSerde(), time, config.offsetsLoadBufferSize()))
                .withCoordinatorRuntimeMetrics(metrics.runtime())
                .withGroupCoordinatorMetrics(metrics.groups())
                .withGroupConfigManager(new GroupConfigManager(config, shareConfig))
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new NoOffsets())
                .build();
        service.startup(() -> partitions);
        return new RunningCoordinator(partitions, service, metrics);
    }

    void elect(int partition, int leaderEpoch) {
        service.onElection(partition, leaderEpoch);
    }

    /** Unloads whatever is loaded, under whichever epoch. */
    void resign(int partition) {
        service.onResignation(partition, OptionalInt.empty());
    }

    /** May wait until the offsets of deleted topics are gone for good. */
    void update(CoordinatorMetadata.Update update) {
        service.onMetadataUpdate(update.delta(), update.image());
    }

    List<CoordinatorMetric> metrics() {
        return numbers.snapshot();
    }

    @Override
    public void close() {
        service.shutdown();
        numbers.close();
    }

    /** Share groups alone ask for the ends of other partitions; they are not offered. */
    private static final class NoOffsets implements PartitionMetadataClient {
        @Override
        public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> wanted) {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
