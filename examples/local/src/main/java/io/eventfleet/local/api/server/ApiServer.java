// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.status.ApiFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side; listens on 127.0.0.1 alone and answers only requests that were addressed to this machine by name. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int BACKLOG = 128;
    private static final Pattern LOCAL_HOST = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1\\])(:\\d+)?");

    static {
        // Without it the JDK's server waits 40 ms for the acknowledgement of each small answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Router router;
    private final RequestGate gate;

    private ApiServer(HttpServer server, Router router, RequestGate gate) {
        this.server = server;
        this.router = router;
        this.gate = gate;
    }

    /**
     * Starts serving.
     *
     * @param port 0 for any free one
     * @param gate what becomes of each request
     * @throws IOException when the port is taken
     */
    public static ApiServer start(int port, ResourceApi api, PodLogs logs, RequestGate gate) throws IOException {
        var address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        var server = new ApiServer(HttpServer.create(address, BACKLOG), new Router(api, logs), gate);
        server.server.setExecutor(server.threads);
        server.server.createContext("/", server::handle);
        server.server.start();
        return server;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
                // An empty success makes clients fall back to chunked watches at once.
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            Response response;
            try {
                requireLocalHost(exchange.getRequestHeaders().getFirst("Host"));
                response = respond(Request.read(exchange), exchange);
            } catch (ApiFailure e) {
                response = failed(e);
            } catch (NumberFormatException e) {
                response = failed(ApiFailure.badRequest("not a number: " + e.getMessage()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | StackOverflowError e) {
                LOG.atError()
                        .addKeyValue("uri", exchange.getRequestURI())
                        .setCause(e)
                        .log("request failed");
                response = failed(ApiFailure.internal(e.toString()));
            }
            if (response != null) {
                send(exchange, response);
            }
        }
    }

    /** The answer; null for none, which ends the connection. */
    private @Nullable Response respond(Request request, HttpExchange exchange) throws InterruptedException {
        return switch (gate.judge(request.method(), request.path())) {
            case RequestGate.Serve(var delay) -> {
                TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                yield router.route(request);
            }
            case RequestGate.Refuse(var failure) -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                yield failed(failure);
            }
            case RequestGate.LoseAnswer _ -> {
                try {
                    router.route(request);
                } catch (ApiFailure _) {
                    // This answer is lost as well.
                }
                yield null;
            }
            case RequestGate.Drop _ -> null;
        };
    }

    private static Response failed(ApiFailure failure) {
        return Response.json(failure.code(), failure.toStatus());
    }

    private static void requireLocalHost(@Nullable String host) {
        if (host == null || !LOCAL_HOST.matcher(host).matches()) {
            throw ApiFailure.badRequest("requests must be addressed to the loopback interface");
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        var headers = exchange.getResponseHeaders();
        switch (response) {
            case Response.Document document -> {
                headers.set("Content-Type", document.contentType());
                document.warnings()
                        .forEach(text -> headers.add("Warning", "299 - \"" + text.replace("\"", "\\\"") + "\""));
                exchange.sendResponseHeaders(
                        document.code(), document.body().length == 0 ? -1 : document.body().length);
                exchange.getResponseBody().write(document.body());
            }
            case Response.Stream stream -> {
                headers.set("Content-Type", stream.contentType());
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    stream.writer().writeTo(out);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Stops at once; open watches end. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
