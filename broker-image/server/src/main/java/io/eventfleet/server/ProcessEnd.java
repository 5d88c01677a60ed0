// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways out of the process. The first one taken is the one that counts. Thread-safe. */
final class ProcessEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private ProcessEnd() {}

    /** Ends at once: nothing more may be acknowledged, nothing is written or released. */
    static void halt(ExitCode code, String reason) {
        if (TAKEN.compareAndSet(false, true)) {
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .addKeyValue("exitCode", code.code())
                    .log("broker halted");
            Runtime.getRuntime().halt(code.code());
        }
    }

    /** Ends at once, with the failure's trace in the log. */
    static void halt(ExitCode code, String reason, Throwable cause) {
        LOG.atError().setCause(cause).log("fault");
        halt(code, reason);
    }

    /** Ends after everything has been closed. */
    static void stopped() {
        if (TAKEN.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(ExitCode.STOPPED.code());
        }
    }
}
