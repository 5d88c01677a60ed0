// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

/** Anything a cluster core may be told: answers of the store, and events of this node. */
public interface ClusterEvent {}
