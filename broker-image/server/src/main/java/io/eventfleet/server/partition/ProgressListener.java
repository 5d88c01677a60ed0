// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

/** Waits for something to happen on a led partition. Called on storage threads: must be quick and must not block. */
public interface ProgressListener {

    /**
     * The high watermark, or the log end for who waits for appends, moved.
     *
     * @param bytes size of the batches that it passed, 0 when unknown
     */
    void onProgress(LedReplica replica, long bytes);

    /** This broker does not lead the partition in this epoch any more. */
    void onEnded(LedReplica replica);
}
