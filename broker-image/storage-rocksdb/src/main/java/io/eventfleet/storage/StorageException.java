// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used, or an operation met a store that is closed or has failed. */
public final class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, for callers that act on it. */
    private final Reason reason;

    /** Kinds of failure. */
    public enum Reason {
        /** Another process holds the directory. */
        LOCKED,
        /** The directory holds something else, another format, or shards of different origins. */
        FOREIGN,
        /** Records that had been synced are missing: the disk lost them. The directory counts as lost. */
        LOST_TAIL,
        /** A storage shard of the directory is missing. */
        MISSING_SHARD,
        /** The disk is full. */
        DISK_FULL,
        /** The store is closing or closed. */
        CLOSED,
        /** An input or output error, or corruption. */
        BROKEN
    }

    public StorageException(Reason reason, String message) {
        this(reason, message, null);
    }

    public StorageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
