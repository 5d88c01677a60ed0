// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.resource.Conversion;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.store.Change;
import io.eventfleet.local.api.store.ChangeLog;
import io.eventfleet.local.api.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Watches: the state or the changes since a version, then every change until the client or the time limit ends it. */
final class Watches {
    /** How long a watch lasts when the client names no limit; it also bounds watches whose client vanished silently. */
    static final long DEFAULT_TIMEOUT_SECONDS = 300;

    /** Time between bookmarks of a watch in which nothing happens. */
    static final long BOOKMARK_INTERVAL_MS = 10_000;

    private static final byte[] OBJECT = ",\"object\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

    private final ResourceApi api;

    Watches(ResourceApi api) {
        this.api = api;
    }

    Response watch(Request request, Target target) {
        Selector selector = request.selector();
        return new Response.Stream("application/json", out -> new Session(request, target, selector, out).run());
    }

    private final class Session {
        private final Request request;
        private final Target target;
        private final Selector selector;
        private final OutputStream out;
        private final ResourceType type;
        private boolean firstTable = true;

        Session(Request request, Target target, Selector selector, OutputStream out) {
            this.request = request;
            this.target = target;
            this.selector = selector;
            this.out = out;
            this.type = target.type();
        }

        void run() throws IOException, InterruptedException {
            String timeout = request.parameter("timeoutSeconds");
            long seconds = timeout.isEmpty() ? DEFAULT_TIMEOUT_SECONDS : Long.parseLong(timeout);
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            long version = start();
            out.flush();
            ChangeLog log = api.store().log(type.storageId());
            while (System.nanoTime() < deadlineNs && !log.isClosed()) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                long newest = api.store().version();
                Optional<List<Change>> changes = log.after(version, Math.min(leftMs, BOOKMARK_INTERVAL_MS));
                if (changes.isEmpty()) {
                    var status = ApiFailure.expired("too old resource version: " + version)
                            .toStatus();
                    event("ERROR", Json.bytes(status));
                    out.flush();
                    return;
                }
                for (Change change : changes.get()) {
                    version = change.object().resourceVersion();
                    send(change);
                }
                if (changes.get().isEmpty() && request.isTrue("allowWatchBookmarks")) {
                    version = Math.max(version, newest);
                    bookmark(version, false);
                }
                out.flush();
            }
        }

        /** Sends the present state when the client asks for it; returns the version from which changes follow. */
        private long start() throws IOException {
            String from = request.parameter("resourceVersion");
            boolean sendInitial = request.isTrue("sendInitialEvents");
            if (!sendInitial && !from.isEmpty() && !from.equals("0")) {
                try {
                    return Long.parseLong(from);
                } catch (NumberFormatException _) {
                    throw ApiFailure.badRequest("Invalid value: \"" + from + "\": resourceVersion");
                }
            }
            var snapshot = api.list(target, selector);
            for (StoredObject object : snapshot.objects()) {
                event("ADDED", body(object));
            }
            if (sendInitial) {
                bookmark(snapshot.resourceVersion(), true);
            }
            return snapshot.resourceVersion();
        }

        private void send(Change change) throws IOException {
            StoredObject object = change.object();
            String namespace = Metadata.namespace(object.json());
            if (!target.namespace().isEmpty() && !target.namespace().equals(namespace)) {
                return;
            }
            boolean matches = selector.matches(served(object));
            StoredObject before = change.before();
            boolean matched = before != null && selector.matches(served(before));
            if (change.kind() == Change.Kind.DELETED) {
                if (matched || matches) {
                    event("DELETED", body(object));
                }
            } else if (matches) {
                event(matched ? "MODIFIED" : "ADDED", body(object));
            } else if (matched) {
                event("DELETED", body(object));
            }
        }

        private ObjectNode served(StoredObject object) {
            return type.conversion().toServed(object.json());
        }

        private byte[] body(StoredObject object) {
            if (request.wantsTable()) {
                ObjectNode table = Tables.of(
                        type,
                        List.of(served(object)),
                        String.valueOf(object.resourceVersion()),
                        request.parameter("includeObject"));
                if (!firstTable) {
                    table.putNull("columnDefinitions");
                }
                firstTable = false;
                return Json.bytes(table);
            }
            if (request.wantsMetadataOnly()) {
                return Json.bytes(Tables.metadataOf(object.json()));
            }
            return type.conversion() == Conversion.NONE ? object.bytes() : Json.bytes(served(object));
        }

        private void bookmark(long version, boolean endOfInitialEvents) throws IOException {
            ObjectNode object = Json.object();
            if (request.wantsTable()) {
                object = Tables.of(type, List.of(), String.valueOf(version), "None");
            } else {
                object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
            }
            Metadata.of(object).put("resourceVersion", String.valueOf(version));
            if (endOfInitialEvents) {
                Metadata.of(object).putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            event("BOOKMARK", Json.bytes(object));
        }

        private void event(String kind, byte[] object) throws IOException {
            out.write(("{\"type\":\"" + kind + "\"").getBytes(StandardCharsets.UTF_8));
            out.write(OBJECT);
            out.write(object);
            out.write(END);
        }
    }
}
