// SPDX-License-Identifier: Apache-2.0
/**
 * One partition's log: batch headers, offset assignment, leader epochs, producer state, and the port that a storage
 * engine implements. It must not know how batches are stored, who replicates them, or who asks.
 */
package io.eventfleet.core.log;
