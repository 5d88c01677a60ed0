// SPDX-License-Identifier: Apache-2.0
/**
 * APIs that tell clients what this cluster is: versions, brokers, topics. It must not know where that knowledge comes
 * from beyond the cluster image.
 */
package io.eventfleet.server.api.metadata;
