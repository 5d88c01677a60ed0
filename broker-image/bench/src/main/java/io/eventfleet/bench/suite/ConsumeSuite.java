// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import io.eventfleet.bench.load.ConsumeLoad;
import io.eventfleet.bench.load.ProduceLoad;
import io.eventfleet.bench.load.Topics;
import io.eventfleet.bench.load.Transfer;
import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.system.RunningSystem;

/** Reads six partitions of 1 KiB records from their start, right after they were written; once to warm up, once measured. */
final class ConsumeSuite implements Suite {
    private static final String NAME = "consume";
    private static final Metric THROUGHPUT = Metric.higher(NAME, "1 KiB records from the start", "MB/s");
    private static final Metric CPU = Metric.lower(NAME, "broker CPU", "s/GB");
    private static final String TOPIC = "bench-consume";
    private static final int PARTITIONS = 6;
    private static final int RECORD_BYTES = 1_024;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void measure(RunningSystem system, Scale scale, Recorder recorder) {
        Topics.create(system.bootstrap(), TOPIC, PARTITIONS);
        Transfer written = new ProduceLoad(TOPIC, PARTITIONS, RECORD_BYTES, "none")
                .run(system.bootstrap(), scale.measuredBytes(), scale.loadLimit());
        ConsumeLoad load = new ConsumeLoad(TOPIC, PARTITIONS);
        load.run(system.bootstrap(), written.records());
        CpuMeter cpu = new CpuMeter(system.broker());
        Transfer moved = load.run(system.bootstrap(), written.records());
        recorder.record(THROUGHPUT, moved.megabytesPerSecond());
        recorder.record(CPU, cpu.secondsPer(moved.gigabytes()));
    }
}
