// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.time.Duration;

/** A broker that serves. Closing stops every process that was started for it, and does not fail. */
public interface RunningSystem extends AutoCloseable {

    /** Where clients connect, {@code host:port}. */
    String bootstrap();

    /** The broker process itself: its CPU time and memory are what is compared. */
    BrokerProcess broker();

    /** From the start of the broker process until it answered Metadata with itself in it. */
    Duration startUp();

    @Override
    void close();
}
