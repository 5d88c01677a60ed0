/**
 * Clients that note what they see, while the system that serves them is broken on purpose: a Jepsen test on one machine. The parts do not know
 * each other: {@code workload} writes a history, {@code nemesis} and {@code network} break things, {@code check} judges the history.
 */
package io.eventfleet.local.torture;
