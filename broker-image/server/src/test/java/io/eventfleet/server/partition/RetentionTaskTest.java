// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.server.api.ClusterFixture;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RetentionTaskTest {

    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();

    /** Partition 0 cannot even be asked; of the others nothing is old. */
    private PartitionLog log(TopicPartitionId id) {
        return (PartitionLog) Proxy.newProxyInstance(
                PartitionLog.class.getClassLoader(),
                new Class<?>[] {PartitionLog.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "id" -> id;
                    case "becomeLeader", "resign" -> CompletableFuture.completedFuture(null);
                    case "applyRetention" -> {
                        if (id.partition() == 0) {
                            broken.incrementAndGet();
                            throw new IllegalStateException("the table cannot be read");
                        }
                        applied.incrementAndGet();
                        yield CompletableFuture.completedFuture(0L);
                    }
                    default ->
                        method.getReturnType() == long.class
                                ? 0L
                                : method.getReturnType() == int.class ? (Object) 0 : null;
                });
    }

    @Test
    void goesOnWithTheNextPartitionAndTheNextRoundWhenOneCannotBeAsked() {
        var store = (LogStore) Proxy.newProxyInstance(
                LogStore.class.getClassLoader(),
                new Class<?>[] {LogStore.class},
                (proxy, method, arguments) -> CompletableFuture.completedFuture(log((TopicPartitionId) arguments[0])));
        var registry = registry(1, store);
        var cluster = ClusterFixture.ofBrokers(1);
        cluster.withTopic("t", 2, Map.of(), false);
        registry.onImage(ClusterImage.empty(""), cluster.current());
        assertThat(registry.led()).hasSize(2);
        try (var scheduler = Executors.newSingleThreadScheduledExecutor()) {
            new RetentionTask(registry, InstantSource.system(), scheduler, 1).start();
            Awaitility.await().until(() -> broken.get() >= 2 && applied.get() >= 2);
            scheduler.shutdownNow();
        }
    }

    @Test
    void followedLogsAreKeptShortToo() {
        var store = new FakeStore();
        var registry = registry(Images.ME, store.store());
        store.log(Images.ID).holding(10, 7);
        registry.onImage(ClusterImage.empty(""), Images.serving(Images.line(1, 4, 1, 0, 1, 2)));
        assertThat(registry.followed()).hasSize(1);
        try (var scheduler = Executors.newSingleThreadScheduledExecutor()) {
            new RetentionTask(registry, InstantSource.system(), scheduler, 1).start();
            Awaitility.await().until(() -> store.log(Images.ID).retained().contains(7L));
            scheduler.shutdownNow();
        }
    }

    private static PartitionRegistry registry(int brokerId, LogStore store) {
        return new PartitionRegistry(
                brokerId,
                store,
                topic -> TopicRules.of(topic.config(), Map.of()),
                new Replication(
                        new FakeFollowers(),
                        new FakeGateway(),
                        IsrTimers.withMaxLag(Duration.ofSeconds(10)),
                        System::nanoTime,
                        new ReplicaContacts(1, System::nanoTime)));
    }
}
