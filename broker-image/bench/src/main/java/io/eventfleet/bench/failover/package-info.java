/**
 * How long partitions are away when brokers die, for clusters of three brokers. It kills processes, so it shares no cluster with the suites
 * that measure throughput. It must not know how a cluster is started.
 */
@NullMarked
package io.eventfleet.bench.failover;

import org.jspecify.annotations.NullMarked;
