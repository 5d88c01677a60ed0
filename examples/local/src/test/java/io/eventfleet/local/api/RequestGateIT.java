// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.local.api.server.PodLogs;
import io.eventfleet.local.api.server.RequestGate;
import io.eventfleet.local.api.status.ApiFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A second door of the API whose gate is not always kind. */
class RequestGateIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final AtomicReference<RequestGate.Treatment> treatment =
            new AtomicReference<>(new RequestGate.Serve(Duration.ZERO));
    private final HttpClient client = HttpClient.newHttpClient();
    private EmbeddedApi api;
    private String door;

    @BeforeEach
    void start() throws IOException {
        api = EmbeddedApi.start(0, null, PodLogs.NONE);
        door = api.openDoor((method, path) -> treatment.get());
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void anOpenGateServesTheSameObjects() throws Exception {
        assertThat(create(door, "one").statusCode()).isEqualTo(201);
        assertThat(get(api.url(), "one").statusCode()).isEqualTo(200);
    }

    @Test
    void aSlowGateServesLate() throws Exception {
        treatment.set(new RequestGate.Serve(Duration.ofMillis(300)));
        long begin = System.nanoTime();

        assertThat(create(door, "slow").statusCode()).isEqualTo(201);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aRefusalSaysWhenToComeBackAndDoesNothing() throws Exception {
        treatment.set(new RequestGate.Refuse(ApiFailure.tooManyRequests()));

        HttpResponse<String> refused = create(door, "refused");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("TooManyRequests");
        assertThat(get(api.url(), "refused").statusCode()).isEqualTo(404);
    }

    @Test
    void aLostAnswerIsDoneAllTheSame() throws Exception {
        treatment.set(new RequestGate.LoseAnswer());

        assertThatThrownBy(() -> create(door, "lost")).isInstanceOf(IOException.class);
        assertThat(get(api.url(), "lost").statusCode()).isEqualTo(200);
    }

    @Test
    void aDroppedRequestIsNot() throws Exception {
        treatment.set(new RequestGate.Drop());

        assertThatThrownBy(() -> create(door, "dropped")).isInstanceOf(IOException.class);
        assertThat(get(api.url(), "dropped").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> create(String url, String name) throws IOException, InterruptedException {
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"}}";
        return send(HttpRequest.newBuilder(URI.create(url + MAPS))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> get(String url, String name) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + MAPS + "/" + name)).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
