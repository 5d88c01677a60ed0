// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

/** Anything a cluster core may ask for: requests to the store, and effects on this node. */
public interface ClusterEffect {}
