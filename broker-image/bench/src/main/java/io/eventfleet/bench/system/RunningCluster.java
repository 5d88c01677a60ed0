// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.util.List;

/** A cluster that serves. Closing stops every process that was started for it, and does not fail. */
public interface RunningCluster extends AutoCloseable {

    /** Where clients connect: each broker, {@code host:port}, with commas between them. */
    String bootstrap();

    /**
     * The broker that is the controller now.
     *
     * @throws IOException if nobody says
     */
    int controller() throws IOException;

    /** {@code kill -9} of these brokers; returns when the processes are gone. */
    void kill(List<Integer> brokers) throws IOException;

    /** Starts brokers that were killed, unless something does that by itself; does not wait for them. */
    void startAgain(List<Integer> brokers) throws IOException;

    @Override
    void close();
}
