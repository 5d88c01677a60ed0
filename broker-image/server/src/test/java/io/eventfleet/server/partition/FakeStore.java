// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Logs without records. What a partition layer does not ask for is not there. */
final class FakeStore {
    private final Map<String, FakeLog> logs = new TreeMap<>();

    LogStore store() {
        return (LogStore) Proxy.newProxyInstance(
                LogStore.class.getClassLoader(),
                new Class<?>[] {LogStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "open" -> open((TopicPartitionId) arguments[0]);
                    case "get" -> get((TopicPartitionId) arguments[0]);
                    case "delete" -> delete((TopicPartitionId) arguments[0]);
                    case "stored" -> logs.values().stream().map(FakeLog::id).toList();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    FakeLog log(TopicPartitionId id) {
        return logs.computeIfAbsent(id.toString(), key -> new FakeLog(id));
    }

    List<TopicPartitionId> stored() {
        return logs.values().stream().map(FakeLog::id).toList();
    }

    private CompletionStage<PartitionLog> open(TopicPartitionId id) {
        return CompletableFuture.completedFuture(log(id));
    }

    private Optional<PartitionLog> get(TopicPartitionId id) {
        return Optional.ofNullable(logs.get(id.toString()));
    }

    private CompletionStage<Void> delete(TopicPartitionId id) {
        logs.remove(id.toString());
        return CompletableFuture.completedFuture(null);
    }
}
