// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.system.RunningSystem;

/**
 * One kind of work and what is measured of it. A suite is called once per round and system, on a broker that was started empty for that
 * round; the suites of a round share it, each with topics of its own. Suites keep no state between calls.
 */
public interface Suite {

    /** Name on the command line and in the table. */
    String name();

    /**
     * Does the work on one system and reports what it measured.
     *
     * @throws io.eventfleet.bench.load.LoadException if the work could not be done as asked: a figure would be meaningless
     */
    void measure(RunningSystem system, Scale scale, Recorder recorder);

    /** Takes the figures of one round of one system. */
    @FunctionalInterface
    interface Recorder {

        /** Adds one sample. */
        void record(Metric metric, double value);
    }
}
