// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch of one kind from a known resourceVersion on. A lost connection is resumed from the last version seen, which
 * keeps the order and misses nothing; only a version that the server has forgotten (410) ends the watch.
 */
final class ObjectWatch implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

    private final ApiResource resource;
    private final Events events;
    private volatile boolean closed;
    private @Nullable Watch watch;

    /** Hears of changes, in order, on the client's threads. */
    interface Events {
        /** An object was added or changed. */
        void changed(JsonNode object);

        /** An object is gone; {@code object} is its last state. */
        void deleted(JsonNode object);

        /** The watch is over. Called at most once. */
        void ended();
    }

    ObjectWatch(ApiResource resource, Events events) {
        this.resource = resource;
        this.events = events;
    }

    /** Begins; blocks until the server has accepted the watch. Throws KubernetesClientException if it does not. */
    void open(KubernetesClient client, String namespace, @Nullable String labelSelector, String fromVersion) {
        var options = new ListOptionsBuilder()
                .withResourceVersion(fromVersion)
                .withLabelSelector(labelSelector)
                .withAllowWatchBookmarks(true)
                .build();
        var opened = client.genericKubernetesResources(resource.context())
                .inNamespace(namespace)
                .watch(options, this);
        watch = opened;
        if (closed) {
            opened.close();
        }
    }

    @Override
    public void eventReceived(Action action, GenericKubernetesResource object) {
        if (closed) {
            return;
        }
        switch (action) {
            case ADDED, MODIFIED -> events.changed(ApiClient.JSON.valueToTree(object));
            case DELETED -> events.deleted(ApiClient.JSON.valueToTree(object));
            case BOOKMARK -> {}
            case ERROR -> LOG.atWarn().addKeyValue("resource", resource.kind()).log("error on a watch");
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        LOG.atInfo()
                .addKeyValue("resource", resource.kind())
                .addKeyValue("gone", isGone(cause))
                .addKeyValue("cause", cause.getMessage())
                .log("watch ended");
        end();
    }

    @Override
    public void onClose() {
        end();
    }

    private void end() {
        if (!closed) {
            closed = true;
            events.ended();
        }
    }

    @Override
    public void close() {
        closed = true;
        var open = watch;
        if (open != null) {
            open.close();
        }
    }

    private static boolean isGone(WatcherException cause) {
        return cause.isHttpGone()
                || (cause.getCause() instanceof KubernetesClientException client
                        && client.getCode() == HttpURLConnection.HTTP_GONE);
    }
}
