// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import org.jspecify.annotations.Nullable;

/** Bytes that are not an answer to what was asked; the connection that they came over is of no more use. */
public final class UnreadableResponseException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableResponseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
