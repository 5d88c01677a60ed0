// SPDX-License-Identifier: Apache-2.0
/**
 * The shell around the cluster core: one thread that feeds it events and carries out its effects on store, sockets and
 * disk. It must not know Kubernetes, Kafka's protocol, nor how the core decides.
 */
package io.eventfleet.server.cluster;
