// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Gives request ids; the cores of one node share the number space by a tag in the lowest bits. */
public final class RequestIds {

    private static final int TAG_BITS = 2;

    private final int tag;
    private long next = 1;

    /** @param tag 0 to 3, one per core of the node */
    public RequestIds(int tag) {
        this.tag = tag;
    }

    public long next() {
        return (next++ << TAG_BITS) | tag;
    }

    /** True if this object gave the id. */
    public boolean owns(long reqId) {
        return (reqId & ((1 << TAG_BITS) - 1)) == tag;
    }
}
