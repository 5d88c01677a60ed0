// SPDX-License-Identifier: Apache-2.0
/**
 * The functional core of a broker: decisions as state machines, {@code (state, event, now) -> (state, effects)}. It
 * knows no thread, clock, socket, file, random number, Kafka class, RocksDB or Kubernetes.
 */
package io.eventfleet.core;
