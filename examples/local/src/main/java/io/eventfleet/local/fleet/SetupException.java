// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

/** Something outside the system keeps it from starting; the message is one line for the user. */
public final class SetupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SetupException(String message) {
        super(message);
    }
}
