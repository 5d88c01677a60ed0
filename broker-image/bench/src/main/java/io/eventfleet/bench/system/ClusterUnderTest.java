// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.Path;

/** Several brokers that can be started afresh for one round. Implementations keep no state between rounds and are used by one thread. */
public interface ClusterUnderTest {

    /** Name in tables and results. */
    String name();

    /** What a reader must know to reproduce it. */
    String describe();

    /**
     * Starts an empty cluster and waits until each broker answers Metadata.
     *
     * @param folder an empty folder for data, configuration and logs; the caller deletes it afterwards
     * @throws IOException if it cannot be started; nothing is left running then
     */
    RunningCluster start(Path folder, int brokers) throws IOException;
}
