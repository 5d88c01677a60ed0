// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;

/**
 * Bytes of whole record batches, shared by reference count between the network, the tail cache and responses, so that
 * they are copied at most once: into the storage engine.
 *
 * <p>Whoever stores a buffer beyond a call retains it and releases it exactly once. Thread-safe.
 */
public interface RecordBuffer {

    /** A view of the bytes with its own position and limit; valid while a reference is held. */
    ByteBuffer bytes();

    /** Number of bytes. */
    int sizeBytes();

    /** Bytes that stay in memory as long as a reference is held: more than its own for a view of something larger. */
    default int heldBytes() {
        return sizeBytes();
    }

    /** Takes one more reference and returns this buffer. */
    RecordBuffer retain();

    /** Gives one reference back; after the last one the bytes may be reused. */
    void release();
}
