// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A store on some API server, with its events in a queue. */
final class StoreHarness implements AutoCloseable {
    static final String NAMESPACE = "apps";
    static final String CLUSTER = "orders";
    static final KubernetesSettings SETTINGS = new KubernetesSettings(
            NAMESPACE, CLUSTER, new KubernetesSettings.TopicDefaults(3, 1), topic -> topic.toLowerCase(Locale.ROOT)
                    .replace("_", "x"));

    private static final int PATIENCE_SECONDS = 10;

    final KubernetesApi api;
    final KubernetesStore store;
    final KubernetesTopics topics;
    final AtomicLong bytesWritten = new AtomicLong();
    private final LinkedBlockingQueue<StoreEvent> events = new LinkedBlockingQueue<>();

    StoreHarness(Config config) {
        api = KubernetesApi.connect(config, (method, resource, outcome, nanos, bytes) -> bytesWritten.addAndGet(bytes));
        var clock = Clock.fixed(Instant.parse("2026-03-04T05:06:07.000008Z"), ZoneOffset.UTC);
        store = new KubernetesStore(api, SETTINGS, clock, events::add);
        topics = new KubernetesTopics(api, SETTINGS);
    }

    /** How the test's own client names a kind. */
    static ResourceDefinitionContext context(ApiResource resource, String plural) {
        var group = resource.apiVersion().split("/");
        return new ResourceDefinitionContext.Builder()
                .withGroup(group[0])
                .withVersion(group[1])
                .withKind(resource.kind())
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    StoreEvent ask(StoreEffect effect) throws InterruptedException {
        store.carryOut(effect);
        return next();
    }

    /** True if nothing happened and nothing is waiting. */
    boolean isQuiet() {
        return events.isEmpty();
    }

    StoreEvent next() throws InterruptedException {
        var event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("an event of the store").isNotNull();
        return event;
    }

    @Override
    public void close() {
        store.close();
        api.close();
    }
}
