// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

/** The bytes are no request of this protocol, or one that is not offered: the connection is closed. */
public final class UnreadableRequestException extends Exception {
    public UnreadableRequestException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnreadableRequestException(String message) {
        super(message);
    }
}
