// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.server.PodLogs;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedApiIT {
    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final int MANY = 5_000;
    private static final int WATCHERS = 20;

    @TempDir
    Path folder;

    private EmbeddedApi api;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        api = EmbeddedApi.start(0, folder.resolve("objects"), PodLogs.NONE);
        client = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    private KubernetesClient connect() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withNamespace("default")
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Test
    void servesAnUnmodifiedClient() {
        client.resource(map("a", "1")).create();
        client.configMaps()
                .withName("a")
                .edit(m -> new ConfigMapBuilder(m).addToData("k", "2").build());

        assertThat(client.configMaps().withName("a").get().getData()).containsEntry("k", "2");
        assertThat(client.configMaps()
                        .list(new ListOptionsBuilder().withLimit(1L).build())
                        .getItems())
                .hasSize(1);
        assertThat(client.configMaps().withName("a").delete()).hasSize(1);
        assertThat(client.configMaps().withName("a").get()).isNull();
        assertThat(client.namespaces().withName("default").get().getStatus().getPhase())
                .isEqualTo("Active");
    }

    @Test
    void letsOneOfTwoWritersWin() {
        ConfigMap read = client.resource(map("a", "1")).create();
        client.resource(new ConfigMapBuilder(read).addToData("k", "2").build()).update();

        KubernetesClientException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                KubernetesClientException.class, () -> client.resource(
                                new ConfigMapBuilder(read).addToData("k", "3").build())
                        .update());

        assertThat(failure.getCode()).isEqualTo(409);
        assertThat(failure.getStatus().getReason()).isEqualTo("Conflict");
    }

    @Test
    void showsManyWatchersEveryChangeOfManyObjects() {
        var seen = new ArrayList<Map<String, String>>();
        for (int i = 0; i < WATCHERS; i++) {
            var objects = new ConcurrentHashMap<String, String>();
            seen.add(objects);
            client.configMaps().inNamespace("default").inform(new ResourceEventHandler<>() {
                @Override
                public void onAdd(ConfigMap map) {
                    objects.put(map.getMetadata().getName(), map.getData().get("k"));
                }

                @Override
                public void onUpdate(ConfigMap before, ConfigMap map) {
                    onAdd(map);
                }

                @Override
                public void onDelete(ConfigMap map, boolean unknown) {
                    objects.remove(map.getMetadata().getName());
                }
            });
        }
        for (int i = 0; i < MANY; i++) {
            api.resources()
                    .create(
                            target(),
                            Json.documents("{apiVersion: v1, kind: ConfigMap, metadata: {name: m-%d}, data: {k: '%d'}}"
                                            .formatted(i, i))
                                    .getFirst(),
                            Api.options("test"));
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(seen).allMatch(each -> each.size() == MANY));
        client.configMaps().inNamespace("default").withName("m-7").delete();
        await().atMost(AT_MOST).untilAsserted(() -> assertThat(seen).noneMatch(each -> each.containsKey("m-7")));
        assertThat(client.configMaps().list().getItems()).hasSize(MANY - 1);
    }

    @Test
    void continuesAWatchAfterTheVersionOfAListAndSaysWhenItIsTooOld() throws IOException, InterruptedException {
        client.resource(map("a", "1")).create();
        String version = client.configMaps().list().getMetadata().getResourceVersion();
        client.resource(map("b", "1")).create();
        var actions = new CopyOnWriteArrayList<String>();
        try (var watch = client.configMaps().withResourceVersion(version).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                actions.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                actions.add("closed");
            }
        })) {
            client.configMaps().withName("a").delete();
            await().atMost(AT_MOST).untilAsserted(() -> assertThat(actions).containsExactly("ADDED b", "DELETED a"));
            assertThat(watch).isNotNull();
        }
        client.close();
        api.close();
        start();
        assertThat(get("/api/v1/configmaps?watch=1&timeoutSeconds=5&resourceVersion=" + version))
                .startsWith("{\"type\":\"ERROR\"")
                .contains("\"reason\":\"Expired\"")
                .contains("\"code\":410");
    }

    @Test
    void sendsTheStateAndABookmarkWhenAWatchAsksForIt() throws IOException, InterruptedException {
        client.resource(map("a", "1")).create();

        String body =
                get("/api/v1/namespaces/default/configmaps?watch=1&sendInitialEvents=true&allowWatchBookmarks=true"
                        + "&resourceVersionMatch=NotOlderThan&timeoutSeconds=1");

        assertThat(body.lines()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(body.lines().toList().get(0)).startsWith("{\"type\":\"ADDED\"");
        assertThat(body.lines().toList().get(1)).contains("BOOKMARK", "k8s.io/initial-events-end");
    }

    @Test
    void answersAWebSocketAtOnceSoThatClientsFallBack() throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", URI.create(api.url()).getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET /api/v1/pods?watch=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                                    + "Upgrade: websocket\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] answer = in.readNBytes(15);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void refusesRequestsThatNameAnotherHost() throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", URI.create(api.url()).getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nHost: rebound.example.org\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void keepsObjectsAcrossARestart() throws IOException {
        client.resource(map("kept", "1")).create();
        String uid = client.configMaps().withName("kept").get().getMetadata().getUid();
        client.close();
        api.close();
        start();

        assertThat(client.configMaps().withName("kept").get().getMetadata().getUid())
                .isEqualTo(uid);
    }

    @Test
    void forgetsEventsAfterAnHour() {
        api.resources()
                .create(
                        new Target(api.resources().registry().builtin("", "events"), "default", "", ""),
                        Json.documents("{apiVersion: v1, kind: Event, metadata: {name: e}, reason: R}")
                                .getFirst(),
                        Api.options("test"));

        api.expireEvents(Instant.now());
        assertThat(client.v1().events().list().getItems()).hasSize(1);
        api.expireEvents(Instant.now().plus(EmbeddedApi.EVENT_LIFETIME).plusSeconds(1));
        assertThat(client.v1().events().list().getItems()).isEmpty();
    }

    private Target target() {
        return new Target(api.resources().registry().builtin("", "configmaps"), "default", "", "");
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(api.url() + path))
                    .timeout(AT_MOST)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("k", value))
                .build();
    }
}
