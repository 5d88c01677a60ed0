// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch of one kind from a known resourceVersion on: a GET that the server answers line by line. It is asked to end
 * after a minute, so that a connection into nowhere is noticed, and goes on from the last version seen, which keeps the
 * order and misses nothing. A version that the server has forgotten (410) ends the watch. Thread-safe.
 */
final class ObjectWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

    /** For how long the server is asked to go on. */
    private static final Duration SPAN = Duration.ofSeconds(60);

    /** After how long a connection is given up that the server should have ended. */
    private static final Duration OVERDUE = SPAN.plusSeconds(10);

    /** Pause before a connection that failed is opened again. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final ApiClient api;
    private final String path;
    private final Events events;
    private String version;
    private boolean over;
    private @Nullable Connection connection;

    /** Hears of changes, in order, on the client's threads. */
    interface Events {
        /** An object was added or changed. */
        void changed(JsonNode object);

        /** An object is gone; {@code object} is its last state. */
        void deleted(JsonNode object);

        /** The watch is over. Called at most once. */
        void ended();
    }

    /**
     * @param path of the collection, with its query if it has one
     * @param fromVersion version of the list that the watch continues
     */
    ObjectWatch(ApiClient api, String path, String fromVersion, Events events) {
        this.api = api;
        this.path = path;
        this.version = fromVersion;
        this.events = events;
    }

    synchronized void open() {
        if (over) {
            return;
        }
        var opened = new Connection();
        connection = opened;
        var query = "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + SPAN.toSeconds() + "&resourceVersion="
                + version;
        api.stream(path + (path.contains("?") ? "&" : "?") + query, opened).whenComplete(opened::answered);
        CompletableFuture.delayedExecutor(OVERDUE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(opened::giveUp);
    }

    private synchronized void again(Connection of, Duration pause) {
        if (over || connection != of) {
            return;
        }
        connection = null;
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::open);
    }

    private synchronized void end(Connection of, String why) {
        if (over || connection != of) {
            return;
        }
        LOG.atInfo().addKeyValue("path", path).addKeyValue("cause", why).log("watch ended");
        over = true;
        of.cancel();
        events.ended();
    }

    private synchronized void take(Connection of, byte[] line) throws IOException {
        if (over || connection != of) {
            return;
        }
        var event = ApiClient.JSON.readTree(line);
        var object = event.path("object");
        switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> {
                events.changed(object);
                version = ObjectForms.version(object);
            }
            case "DELETED" -> {
                events.deleted(object);
                version = ObjectForms.version(object);
            }
            case "BOOKMARK" -> version = ObjectForms.version(object);
            default -> end(of, object.path("message").asText("error on the watch"));
        }
    }

    @Override
    public synchronized void close() {
        over = true;
        if (connection != null) {
            connection.cancel();
        }
    }

    /** One HTTP exchange of the watch. */
    private final class Connection implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private volatile @Nullable AsyncBody body;

        @Override
        public void consume(List<ByteBuffer> pieces, AsyncBody source) throws IOException {
            for (var piece : pieces) {
                while (piece.hasRemaining()) {
                    byte next = piece.get();
                    if (next == '\n') {
                        take(this, line.toByteArray());
                        line.reset();
                    } else {
                        line.write(next);
                    }
                }
            }
            source.consume();
        }

        void answered(@Nullable HttpResponse<AsyncBody> response, @Nullable Throwable failure) {
            if (response == null) {
                LOG.atDebug()
                        .addKeyValue("path", path)
                        .addKeyValue("cause", failure)
                        .log("watch not opened");
                again(this, RETRY_PAUSE);
                return;
            }
            int code = response.code();
            if (code == HttpURLConnection.HTTP_OK) {
                body = response.body();
                response.body()
                        .done()
                        .whenComplete((done, broken) -> again(this, broken == null ? Duration.ZERO : RETRY_PAUSE));
                response.body().consume();
                return;
            }
            response.body().cancel();
            boolean passing = code >= SERVER_ERROR || code == TOO_MANY_REQUESTS;
            if (passing && code != HttpURLConnection.HTTP_GATEWAY_TIMEOUT) {
                again(this, RETRY_PAUSE);
            } else {
                // 504 is how a server says that it does not know the version yet, as after a restore: list again.
                end(this, "HTTP " + code);
            }
        }

        void cancel() {
            var open = body;
            if (open != null) {
                open.cancel();
            }
        }

        void giveUp() {
            cancel();
            again(this, Duration.ZERO);
        }
    }
}
