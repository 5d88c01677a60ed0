// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The parts of the operator that are not found by their annotations. */
@Dependent
class OperatorBeans {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The framework's own bean measures nothing. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry, Clock clock) {
        return new ReconcileMetrics(registry, clock);
    }
}
