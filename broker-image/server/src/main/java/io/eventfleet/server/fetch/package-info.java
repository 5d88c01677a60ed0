// SPDX-License-Identifier: Apache-2.0
/**
 * How consumers read: many partitions at once, incremental sessions (KIP-227), and waiting until there is enough to
 * read. It must not know connections, nor how a log finds its batches.
 */
package io.eventfleet.server.fetch;
