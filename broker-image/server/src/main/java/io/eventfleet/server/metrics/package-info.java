// SPDX-License-Identifier: Apache-2.0
/**
 * Counters, gauges and histograms, and the HTTP listener that shows them beside liveness and readiness. It must not
 * know what is measured, nor ask the Kubernetes API or other brokers.
 */
package io.eventfleet.server.metrics;
