// SPDX-License-Identifier: Apache-2.0
/**
 * Connections between the brokers of one cluster: framing, who is at the other end, and how a connection ended. It must
 * not know what the messages mean, nor who leads.
 */
package io.eventfleet.server.cluster.transport;
