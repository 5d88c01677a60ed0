// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

/** How a broker process ends, for people and for whatever restarts it. */
enum ExitCode {
    /** Stopped in order. */
    STOPPED(0),
    /** A defect. */
    FAILED(1),
    /** The configuration or the environment is wrong; a restart does not help. */
    CONFIG(2),
    /** The data directory cannot be used. */
    STORAGE(3),
    /** An address cannot be bound. */
    ADDRESS(4),
    /** Stopped at once, because going on would have been wrong. */
    HALTED(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
