// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the kubelet's probes and Prometheus: {@code /livez}, {@code /readyz}, {@code /startupz}, {@code /metrics}. Every
 * answer is given from this process alone, so that a slow Kubernetes API or a lost peer never restarts a healthy broker.
 */
public final class HealthServer implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final HttpServer http;
    private final ExecutorService executor;

    /**
     * What the probes ask. Each supplier yields null when all is well, else what is missing.
     *
     * @param live whether the process should go on
     * @param ready whether clients should be sent here
     * @param started whether start-up is over
     */
    public record Probes(
            Supplier<@Nullable String> live, Supplier<@Nullable String> ready, Supplier<@Nullable String> started) {}

    private HealthServer(HttpServer http, ExecutorService executor) {
        this.http = http;
        this.executor = executor;
    }

    /**
     * Binds and starts to answer.
     *
     * @throws IOException when the address cannot be bound
     */
    public static HealthServer start(InetSocketAddress address, Probes probes, MetricRegistry metrics)
            throws IOException {
        var http = HttpServer.create(address, BACKLOG);
        http.createContext("/livez", exchange -> probe(exchange, probes.live()));
        http.createContext("/readyz", exchange -> probe(exchange, probes.ready()));
        http.createContext("/startupz", exchange -> probe(exchange, probes.started()));
        http.createContext(
                "/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", metrics.render()));
        // One thread per exchange: a peer that sends half a request must not make the next probe fail.
        var executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("health-", 0).factory());
        http.setExecutor(executor);
        http.start();
        return new HealthServer(http, executor);
    }

    /** The bound port. */
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        executor.shutdownNow();
    }

    private static void probe(HttpExchange exchange, Supplier<@Nullable String> check) throws IOException {
        var missing = check.get();
        answer(exchange, missing == null ? 200 : 503, "text/plain", missing == null ? "ok\n" : missing + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
