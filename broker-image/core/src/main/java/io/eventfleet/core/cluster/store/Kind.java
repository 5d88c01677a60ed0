// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Kinds of stored objects. */
public enum Kind {
    ROOT,
    REGISTRY,
    SHARD,
    LEASE,
    TOPIC
}
