// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches on a server whose every line the test writes. */
class StoreWatchTest {
    private static final Ref LEASE = new Ref(Kind.LEASE, "orders-broker-0");
    private static final String END = "";

    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> watchQueries = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private StoreHarness harness;
    private volatile String list = "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[" + lease(1, 9) + "]}";

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var query = exchange.getRequestURI().getRawQuery();
            if (query.contains("watch=true")) {
                watchQueries.add(query);
                stream(exchange);
            } else {
                var body = list.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            }
        });
        server.start();
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        harness = new StoreHarness(new ConfigBuilder().withMasterUrl(url).build());
    }

    @AfterEach
    void close() {
        harness.close();
        lines.add(END);
        server.stop(0);
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            for (var line = lines.poll(20, TimeUnit.SECONDS); line != null && !line.equals(END); ) {
                exchange.getResponseBody().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                line = lines.poll(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void showsWhatIsThereThenEveryChangeInOrder() throws InterruptedException {
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));
        assertThat(renewal(harness.next())).isEqualTo(1);

        for (int renewal = 2; renewal <= 50; renewal++) {
            lines.add(event("MODIFIED", lease(renewal, 10 + renewal)));
        }

        for (int renewal = 2; renewal <= 50; renewal++) {
            assertThat(renewal(harness.next())).isEqualTo(renewal);
        }
        lines.add(event("DELETED", lease(50, 61)));
        assertThat(harness.next()).isEqualTo(new StoreEvent.Watched(LEASE, Optional.empty()));
    }

    @Test
    void goesOnFromTheLastVersionWhenTheConnectionEnds() throws InterruptedException {
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));
        harness.next();
        lines.add(event("MODIFIED", lease(2, 12)));
        harness.next();
        lines.add(event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"17\"}}"));

        lines.add(END);
        lines.add(event("MODIFIED", lease(3, 18)));

        assertThat(renewal(harness.next())).isEqualTo(3);
        assertThat(watchQueries).hasSize(2);
        assertThat(watchQueries.getFirst()).contains("resourceVersion=10");
        assertThat(watchQueries.getLast()).contains("resourceVersion=17");
    }

    @Test
    void endsWhenTheServerHasForgottenTheVersion() throws InterruptedException {
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));
        harness.next();

        lines.add(event("ERROR", "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old\"}"));

        assertThat(harness.next()).isEqualTo(new StoreEvent.WatchEnded(Kind.LEASE, true));
    }

    @Test
    void tellsWhatWentBetweenTwoWatches() throws InterruptedException {
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));
        harness.next();

        list = "{\"metadata\":{\"resourceVersion\":\"30\"},\"items\":[]}";
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));

        assertThat(harness.next()).isEqualTo(new StoreEvent.Watched(LEASE, Optional.empty()));
    }

    @Test
    void saysNothingOnceNobodyWatches() throws InterruptedException {
        harness.store.carryOut(new StoreEffect.Watch(Kind.LEASE));
        harness.next();

        harness.store.carryOut(new StoreEffect.Unwatch(Kind.LEASE));
        lines.add(event("MODIFIED", lease(2, 12)));

        var read = harness.ask(new StoreEffect.ListAll(1, Kind.LEASE, 5000));
        assertThat(read).isInstanceOf(StoreEvent.Listed.class);
        assertThat(harness.isQuiet()).isTrue();
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }

    private static String lease(int renewal, int version) {
        return "{\"metadata\":{\"name\":\"orders-broker-0\",\"resourceVersion\":\"" + version
                + "\",\"annotations\":{\"eventfleet.io/renewal\":\"" + renewal
                + "\"}},\"spec\":{\"leaseDurationSeconds\":15}}";
    }

    private static long renewal(StoreEvent event) {
        return ((LeaseDoc) ((StoreEvent.Watched) event).doc().orElseThrow().body()).renewal();
    }
}
