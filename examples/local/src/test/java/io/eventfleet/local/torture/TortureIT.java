// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.eventfleet.local.torture.check.Anomaly;
import io.eventfleet.local.torture.nemesis.FaultKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code ./eventfleet torture} does for hours. */
class TortureIT {
    private static final long SEED = 2;
    private static final Duration LENGTH = Duration.ofSeconds(50);
    private static final double SCALE = 0.3;
    private static final int PORT = 22_092;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void clientsSeeNothingImpossible() throws Exception {
        assumeThat(System.getProperty("os.name")).as("needs all of 127.0.0.0/8").isEqualTo("Linux");
        var plan = new Torture.Plan(SEED, LENGTH, SCALE, EnumSet.allOf(FaultKind.class), folder, PORT);
        StringBuilder steps = new StringBuilder();

        Torture.Outcome outcome = new Torture(plan, step -> steps.append(step).append('\n')).run();

        assertThat(outcome.verdict().anomalies())
                .as("history in %s\n%s", folder, steps)
                .filteredOn(anomaly -> anomaly.check().isNever())
                .extracting(Anomaly::toString)
                .isEmpty();
        assertThat(outcome.recovered()).as("recovered after\n%s", steps).isTrue();
        assertThat(outcome.verdict().acknowledged()).isGreaterThan(100);
    }
}
