// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import io.eventfleet.bench.load.ProduceLoad;
import io.eventfleet.bench.load.Topics;
import io.eventfleet.bench.load.Transfer;
import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.system.RunningSystem;

/** 1 KiB records to six partitions with acks=all, uncompressed. */
final class ProduceSuite implements Suite {
    private static final String NAME = "produce";
    private static final Metric THROUGHPUT = Metric.higher(NAME, "1 KiB records, acks=all", "MB/s");
    private static final Metric CPU = Metric.lower(NAME, "broker CPU", "s/GB");
    private static final String TOPIC = "bench-produce";
    private static final int PARTITIONS = 6;
    private static final int RECORD_BYTES = 1_024;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void measure(RunningSystem system, Scale scale, Recorder recorder) {
        Topics.create(system.bootstrap(), TOPIC, PARTITIONS);
        ProduceLoad load = new ProduceLoad(TOPIC, PARTITIONS, RECORD_BYTES, "none");
        load.run(system.bootstrap(), scale.warmUpBytes(), scale.loadLimit());
        CpuMeter cpu = new CpuMeter(system.broker());
        Transfer moved = load.run(system.bootstrap(), scale.measuredBytes(), scale.loadLimit());
        recorder.record(THROUGHPUT, moved.megabytesPerSecond());
        recorder.record(CPU, cpu.secondsPer(moved.gigabytes()));
    }
}
