// SPDX-License-Identifier: Apache-2.0
/**
 * A broker process: where its parts are put together, started and stopped. It must not decide anything about records,
 * groups or the cluster.
 */
package io.eventfleet.server;
