// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricRegistryTest {
    private final MetricRegistry metrics = new MetricRegistry();

    @Test
    void showsCountersAndGaugesAsPrometheusReadsThem() {
        metrics.counter("requests_total", "Requests.", "api", "Fetch").add(3);
        metrics.gauge("connections", "Connections.", () -> 7);

        assertThat(metrics.render()).isEqualTo("""
                        # HELP connections Connections.
                        # TYPE connections gauge
                        connections 7
                        # HELP requests_total Requests.
                        # TYPE requests_total counter
                        requests_total{api="Fetch"} 3
                        """);
    }

    @Test
    void showsHistogramsCumulatively() {
        var histogram = metrics.histogram("duration_seconds", "Durations.");
        histogram.recordNanos(50_000);
        histogram.recordNanos(2_000_000);
        histogram.recordNanos(60_000_000_000L);

        assertThat(metrics.render())
                .contains("duration_seconds_bucket{le=\"1.0E-4\"} 1\n")
                .contains("duration_seconds_bucket{le=\"0.0025\"} 2\n")
                .contains("duration_seconds_bucket{le=\"10.0\"} 2\n")
                .contains("duration_seconds_bucket{le=\"+Inf\"} 3\n")
                .contains("duration_seconds_sum 60.00205\n")
                .contains("duration_seconds_count 3\n");
    }

    @Test
    void escapesLabels() {
        metrics.counter("odd_total", "Odd.", "name", "a\"b\\c\nd").increment();

        assertThat(metrics.render()).contains("odd_total{name=\"a\\\"b\\\\c\\nd\"} 1");
    }

    @Test
    void showsWhatOtherRegistriesCount() {
        metrics.collect(() -> List.of(new MetricRegistry.Sample("foreign", Map.of("k", "v"), 1.5)));

        assertThat(metrics.render()).isEqualTo("# TYPE foreign gauge\nforeign{k=\"v\"} 1.5\n");
    }

    @Test
    void givesTheSameCounterForTheSameNameAndLabels() {
        assertThat(metrics.counter("c_total", "C.", "a", "b")).isSameAs(metrics.counter("c_total", "C.", "a", "b"));
        assertThatThrownBy(() -> metrics.gauge("c_total", "C.", () -> 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
