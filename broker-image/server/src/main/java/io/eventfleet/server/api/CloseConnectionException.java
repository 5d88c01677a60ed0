// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

/**
 * The protocol has no answer for this failure, so the client learns of it by the end of its connection: a produce
 * request with acks=0 that was refused.
 */
public final class CloseConnectionException extends RuntimeException {
    public CloseConnectionException(String message) {
        super(message, null, false, false);
    }
}
