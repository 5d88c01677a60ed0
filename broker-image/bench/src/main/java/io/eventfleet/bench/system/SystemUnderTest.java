// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.Path;

/** A broker that can be started afresh for one round. Implementations keep no state between rounds and are used by one thread. */
public interface SystemUnderTest {

    /** Name in tables and results. */
    String name();

    /** What a reader must know to reproduce it: version, heap, settings that differ from its defaults. */
    String describe();

    /**
     * Starts one empty broker and waits until it answers Metadata.
     *
     * @param folder an empty folder for data, configuration and logs; the caller deletes it afterwards
     * @throws IOException if it cannot be started or does not answer in time; nothing is left running then
     */
    RunningSystem start(Path folder) throws IOException;
}
