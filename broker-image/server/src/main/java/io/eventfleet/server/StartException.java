// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import org.jspecify.annotations.Nullable;

/** The broker cannot start, for a reason that the user can act on: shown as one line. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    StartException(ExitCode code, @Nullable String message) {
        super(message, null, false, false);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
