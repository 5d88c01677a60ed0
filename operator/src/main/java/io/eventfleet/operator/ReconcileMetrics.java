// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the reconcilers do, by controller: passes and their duration, failures by kind, resources that wait, passes that run, last success.
 *
 * <p>The framework's own meters give one name several sets of labels, which a Prometheus registry refuses. Called on many threads.
 */
final class ReconcileMetrics implements Metrics {
    private static final String PREFIX = "eventfleet.operator.reconcile.";
    private static final String CONTROLLER = "controller";
    private static final double MS_PER_SECOND = 1000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, Gauges> gauges = new ConcurrentHashMap<>();

    private record Gauges(AtomicInteger waiting, AtomicInteger running, AtomicLong lastSuccessMs) {}

    ReconcileMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public void reconciliationSubmitted(HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
        of(metadata).waiting().incrementAndGet();
    }

    @Override
    public void reconciliationStarted(HasMetadata resource, Map<String, Object> metadata) {
        of(metadata).waiting().decrementAndGet();
        of(metadata).running().incrementAndGet();
    }

    @Override
    public void reconciliationFinished(HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
        of(metadata).running().decrementAndGet();
    }

    @Override
    public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
        of(metadata).lastSuccessMs().set(clock.millis());
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, @Nullable RetryInfo retry, Exception failure, Map<String, Object> metadata) {
        registry.counter(
                        PREFIX + "errors",
                        CONTROLLER,
                        name(metadata),
                        "exception",
                        failure.getClass().getSimpleName())
                .increment();
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        var timer = Timer.builder(PREFIX + "duration")
                .description("time of a pass")
                .tags(CONTROLLER, execution.controllerName(), "action", execution.name())
                .register(registry);
        var sample = Timer.start(registry);
        try {
            return execution.execute();
        } finally {
            sample.stop(timer);
        }
    }

    private Gauges of(Map<String, Object> metadata) {
        return gauges.computeIfAbsent(name(metadata), this::register);
    }

    private Gauges register(String controller) {
        var made = new Gauges(new AtomicInteger(), new AtomicInteger(), new AtomicLong());
        var tags = Tags.of(CONTROLLER, controller);
        Gauge.builder(PREFIX + "waiting", made.waiting(), AtomicInteger::get)
                .description("resources that wait for a pass")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "running", made.running(), AtomicInteger::get)
                .description("passes that run")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "last.success.timestamp", made.lastSuccessMs(), ms -> ms.get() / MS_PER_SECOND)
                .description("when a pass last succeeded, seconds since 1970")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        return made;
    }

    private static String name(Map<String, Object> metadata) {
        return String.valueOf(metadata.get(Constants.CONTROLLER_NAME));
    }
}
