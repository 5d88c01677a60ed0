// SPDX-License-Identifier: Apache-2.0
/**
 * Client connections: frames in, answers out in request order, and the limits that keep any client from taking more than
 * its share. It must not know what requests mean beyond which of them may overtake their predecessors' answers.
 */
package io.eventfleet.server.network;
