// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.ArrayDeque;
import java.util.Deque;

/** Owns native handles and closes them in reverse order of creation. Not thread-safe. */
final class NativeScope implements AutoCloseable {

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Takes ownership and gives the handle back. */
    <T extends AutoCloseable> T own(T handle) {
        owned.push(handle);
        return handle;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new IllegalStateException("a native handle did not close", e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
