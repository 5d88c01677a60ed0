// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.fetch.Fetches;
import io.eventfleet.server.partition.PartitionRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The handlers of this package. */
public final class DataApis {
    private DataApis() {}

    /**
     * @param clock wall clock, for append times
     * @param blocking runs what may wait for the disk
     * @param timers ends waits
     */
    public static List<ApiHandler<?, ?>> handlers(
            PartitionRegistry partitions,
            Fetches fetches,
            InstantSource clock,
            Executor blocking,
            ScheduledExecutorService timers) {
        return List.of(
                new ProduceHandler(partitions, clock, timers),
                new FetchHandler(fetches, partitions),
                new ListOffsetsHandler(partitions, blocking),
                new OffsetForLeaderEpochHandler(partitions, blocking),
                new DeleteRecordsHandler(partitions, timers));
    }
}
