// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * JSON calls over one HTTP client: one attempt each, with its own time limit, answered by a value. The client brings
 * authentication (tokens are re-read) and TLS; its retries are switched off, since a repeated PUT would come back as a
 * conflict with itself.
 *
 * <p>Thread-safe; futures complete on the client's threads and never exceptionally.
 */
final class ApiClient {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Added to the attempt's limit, so that the HTTP client's own time-out, which also frees the connection, comes first. */
    private static final Duration BODY_GRACE = Duration.ofMillis(500);

    private final HttpClient http;
    private final String baseUrl;
    private final StoreMetrics metrics;

    ApiClient(HttpClient http, String url, StoreMetrics metrics) {
        this.http = http;
        this.baseUrl = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.metrics = metrics;
    }

    CompletableFuture<ApiAnswer> get(String path, Duration limit) {
        return send("GET", path, null, limit);
    }

    CompletableFuture<ApiAnswer> post(String path, JsonNode body, Duration limit) {
        return send("POST", path, body, limit);
    }

    CompletableFuture<ApiAnswer> put(String path, JsonNode body, Duration limit) {
        return send("PUT", path, body, limit);
    }

    CompletableFuture<ApiAnswer> delete(String path, JsonNode options, Duration limit) {
        return send("DELETE", path, options, limit);
    }

    /** A GET whose body arrives piece by piece, for as long as the server goes on. */
    CompletableFuture<HttpResponse<AsyncBody>> stream(String path, AsyncBody.Consumer<List<ByteBuffer>> pieces) {
        var request = http.newHttpRequestBuilder()
                .uri(baseUrl + path)
                .header("Accept", "application/json")
                .forStreaming()
                .build();
        return http.consumeBytes(request, pieces);
    }

    private CompletableFuture<ApiAnswer> send(String method, String path, @Nullable JsonNode body, Duration limit) {
        var text = body == null ? null : body.toString();
        var bytes = text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
        var startedNanos = System.nanoTime();
        var request = http.newHttpRequestBuilder()
                .uri(baseUrl + path)
                .header("Accept", "application/json")
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .method(method, "application/json", text == null ? "" : text)
                .build();
        var call = http.sendAsync(request, byte[].class);
        return call.orTimeout(limit.plus(BODY_GRACE).toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    var answer = failure == null ? read(response) : new ApiAnswer.Silence(reason(failure));
                    metrics.called(method, kindOf(path), outcome(answer), System.nanoTime() - startedNanos, bytes);
                    return answer;
                });
    }

    private static ApiAnswer read(HttpResponse<byte[]> response) {
        int code = response.code();
        if (code >= 500) {
            return new ApiAnswer.Silence("HTTP " + code);
        }
        try {
            var body = response.body();
            var json = body == null || body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
            return new ApiAnswer.Answered(code, json, retryAfter(response));
        } catch (JsonProcessingException e) {
            return code < 300
                    ? new ApiAnswer.Silence("answer is not JSON")
                    : new ApiAnswer.Answered(code, MissingNode.getInstance(), retryAfter(response));
        } catch (IOException e) {
            return new ApiAnswer.Silence(reason(e));
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        var header = response.header("Retry-After");
        if (header == null) {
            return Duration.ZERO;
        }
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(header.trim())));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    private static String reason(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        var message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    private static String outcome(ApiAnswer answer) {
        return switch (answer) {
            case ApiAnswer.Answered answered -> Integer.toString(answered.code());
            case ApiAnswer.Silence ignored -> "unknown";
        };
    }

    /** The plural in {@code …/namespaces/<ns>/<plural>/<name>?…}. */
    private static String kindOf(String path) {
        var parts = path.split("[/?]");
        for (int i = 0; i + 2 < parts.length; i++) {
            if (parts[i].equals("namespaces")) {
                return parts[i + 2];
            }
        }
        return "other";
    }
}
