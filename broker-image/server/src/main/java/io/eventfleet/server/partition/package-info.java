// SPDX-License-Identifier: Apache-2.0
/**
 * The partitions that this broker leads: opened and closed as the cluster image says, with their high watermark and
 * whoever waits for it. It must not know requests or their versions, nor which storage engine keeps the logs.
 */
package io.eventfleet.server.partition;
