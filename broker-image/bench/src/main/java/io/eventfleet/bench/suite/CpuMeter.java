// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import io.eventfleet.bench.system.BrokerProcess;
import java.time.Duration;

/** CPU time that a broker spends between two points. */
final class CpuMeter {
    private static final double NS_PER_SECOND = 1e9;

    private final BrokerProcess broker;
    private final Duration before;

    /** Starts to count. */
    CpuMeter(BrokerProcess broker) {
        this.broker = broker;
        this.before = broker.cpu();
    }

    /** CPU seconds since the start, per gigabyte moved. */
    double secondsPer(double gigabytes) {
        return broker.cpu().minus(before).toNanos() / NS_PER_SECOND / gigabytes;
    }
}
