// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.server.ApiServer;
import io.eventfleet.local.api.server.PodLogs;
import io.eventfleet.local.api.server.RequestGate;
import io.eventfleet.local.api.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running API. Thread-safe; {@link #close} ends it. */
public final class EmbeddedApi implements AutoCloseable {
    /** How long events are kept, as in a real cluster. */
    static final Duration EVENT_LIFETIME = Duration.ofHours(1);

    /** How long an object may wait for its missing owner before it is collected. */
    private static final long ORPHAN_GRACE_MS = 1_000;

    private final ObjectStore store;
    private final ResourceApi api;
    private final ApiServer server;
    private final PodLogs logs;
    private final ScheduledExecutorService background;
    private final List<ApiServer> furtherDoors = new CopyOnWriteArrayList<>();

    private EmbeddedApi(
            ObjectStore store, ResourceApi api, ApiServer server, PodLogs logs, ScheduledExecutorService background) {
        this.store = store;
        this.api = api;
        this.server = server;
        this.logs = logs;
        this.background = background;
    }

    /**
     * Starts the API on 127.0.0.1.
     *
     * @param port 0 for any free one
     * @param journal the file in which objects survive; null for an API that forgets
     * @throws IOException when the port is taken
     */
    public static EmbeddedApi start(int port, @Nullable Path journal, PodLogs logs) throws IOException {
        var background = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("embedded-api-background").factory());
        var store = new ObjectStore(journal);
        var api = new ResourceApi(
                store,
                new ResourceRegistry(),
                Clock.systemUTC(),
                task -> background.schedule(task, ORPHAN_GRACE_MS, TimeUnit.MILLISECONDS));
        ApiServer server;
        try {
            server = ApiServer.start(port, api, logs, RequestGate.OPEN);
        } catch (IOException e) {
            background.shutdownNow();
            store.close();
            throw e;
        }
        var embedded = new EmbeddedApi(store, api, server, logs, background);
        background.scheduleWithFixedDelay(() -> embedded.expireEvents(Instant.now()), 1, 1, TimeUnit.MINUTES);
        return embedded;
    }

    /** The address of the server, for example {@code http://127.0.0.1:40123}. */
    public String url() {
        return server.url();
    }

    /**
     * Serves the same objects at another address too, where a gate decides what becomes of each request. Closed with the API.
     *
     * @return the address, as {@link #url} gives it
     */
    public String openDoor(RequestGate gate) throws IOException {
        ApiServer door = ApiServer.start(0, api, logs, gate);
        furtherDoors.add(door);
        return door.url();
    }

    /** The verbs without HTTP, for whoever lives in this process. */
    public ResourceApi resources() {
        return api;
    }

    /** Writes a kubeconfig for this API. */
    public void writeKubeconfig(Path file) throws IOException {
        writeKubeconfig(file, url());
    }

    /** Writes a kubeconfig for an address of this API. */
    public static void writeKubeconfig(Path file, String url) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: local
                  cluster: {server: "%s"}
                users:
                - name: local
                  user: {}
                contexts:
                - name: local
                  context: {cluster: local, user: local, namespace: default}
                current-context: local
                """.formatted(url));
    }

    void expireEvents(Instant now) {
        var type = api.registry().builtin("", "events");
        for (var event : api.list(new Target(type, "", "", ""), Selector.ALL).objects()) {
            if (lastSeen(event.json()).plus(EVENT_LIFETIME).isBefore(now)) {
                var target = new Target(type, Metadata.namespace(event.json()), Metadata.name(event.json()), "");
                api.delete(target, new DeleteOptions(0, DeleteOptions.Propagation.BACKGROUND, "", "", false));
            }
        }
    }

    private static Instant lastSeen(JsonNode event) {
        String created = Metadata.text(event, "creationTimestamp");
        String seen = event.path("series")
                .path("lastObservedTime")
                .asText(event.path("lastTimestamp").asText(created));
        try {
            return Instant.parse(seen);
        } catch (DateTimeParseException _) {
            return Instant.parse(created);
        }
    }

    /** Ends watches, the server and the journal. */
    @Override
    public void close() {
        background.shutdownNow();
        store.close();
        server.close();
        furtherDoors.forEach(ApiServer::close);
    }
}
