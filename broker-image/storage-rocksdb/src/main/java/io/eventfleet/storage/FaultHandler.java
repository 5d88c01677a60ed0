// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

/**
 * Ends the process after a failure beyond which the disk's word can no longer be trusted: a failed sync, a failed write
 * of the write-ahead log, corruption. The store acknowledges and serves nothing after the call, whatever the handler does.
 */
@FunctionalInterface
public interface FaultHandler {

    /**
     * Called once, on any storage thread.
     *
     * @param message what failed and what cannot be trusted any more, for the log's last line
     * @param cause the failure
     */
    void fatal(String message, Throwable cause);
}
