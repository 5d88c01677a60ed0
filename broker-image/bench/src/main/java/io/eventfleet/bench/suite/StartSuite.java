// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.system.Deadline;
import io.eventfleet.bench.system.RunningSystem;

/**
 * How long an empty broker needs from the start of its process until it answers Metadata, and how much memory it holds when nobody uses
 * it.
 */
final class StartSuite implements Suite {
    private static final String NAME = "start";
    private static final Metric START_UP = Metric.lower(NAME, "process start until Metadata", "s");
    private static final Metric IDLE_MEMORY = Metric.lower(NAME, "idle resident memory", "MiB");
    private static final double MS_PER_SECOND = 1_000;
    private static final double BYTES_PER_MIB = 1 << 20;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void measure(RunningSystem system, Scale scale, Recorder recorder) {
        recorder.record(START_UP, system.startUp().toMillis() / MS_PER_SECOND);
        Deadline.after(scale.idle()).await(scale.idle(), () -> false);
        recorder.record(IDLE_MEMORY, system.broker().residentBytes() / BYTES_PER_MIB);
    }
}
