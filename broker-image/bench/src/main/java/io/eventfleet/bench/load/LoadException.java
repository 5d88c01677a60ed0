// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

/** The broker refused, lost or delayed work, so that the figure would mean nothing. Ends the run. */
public final class LoadException extends RuntimeException {

    /** Says what went wrong and why. */
    public LoadException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says what went wrong. */
    public LoadException(String message) {
        super(message);
    }
}
