// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import com.yammer.metrics.core.Gauge;
import com.yammer.metrics.core.MetricsRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;

/** The two registries into which Kafka's coordinator reports, read as one list. Thread-safe. */
final class CoordinatorMetrics implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final MetricsRegistry gauges = new MetricsRegistry();
    private final GroupCoordinatorMetrics groups = new GroupCoordinatorMetrics(gauges, metrics);
    private final GroupCoordinatorRuntimeMetrics runtime = new GroupCoordinatorRuntimeMetrics(metrics);

    GroupCoordinatorMetrics groups() {
        return groups;
    }

    GroupCoordinatorRuntimeMetrics runtime() {
        return runtime;
    }

    /** Every number as it is now; what has no value yet (NaN) is left out. */
    List<CoordinatorMetric> snapshot() {
        var all = new ArrayList<CoordinatorMetric>();
        metrics.metrics().forEach((name, metric) -> {
            if (metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())) {
                all.add(new CoordinatorMetric(name.name(), name.tags(), number.doubleValue()));
            }
        });
        gauges.allMetrics().forEach((name, metric) -> {
            if (metric instanceof Gauge<?> gauge && gauge.value() instanceof Number number) {
                Map<String, String> tags = new HashMap<>();
                if (name.hasScope()) {
                    tags.put("scope", name.getScope());
                }
                all.add(new CoordinatorMetric(name.getName(), tags, number.doubleValue()));
            }
        });
        return all;
    }

    @Override
    public void close() {
        metrics.close();
        gauges.shutdown();
    }
}
