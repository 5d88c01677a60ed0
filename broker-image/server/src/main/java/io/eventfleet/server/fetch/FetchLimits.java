// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

/**
 * How much, how soon.
 *
 * @param minBytes answer as soon as there is so much
 * @param maxBytes most bytes of records in the answer; the first batch may exceed it (KIP-74)
 * @param maxWaitMs answer after so many milliseconds at the latest
 */
record FetchLimits(int minBytes, int maxBytes, int maxWaitMs) {}
