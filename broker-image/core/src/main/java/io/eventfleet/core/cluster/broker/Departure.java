// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.step.Core;

/**
 * The order of a controlled shutdown, each stage with a limit so that the process always ends.
 *
 * <pre>
 * MOVING leaders → CLOSING logs → MARKING the disk clean → FAREWELL (fenced by the controller) → RELEASING Leases → DONE
 * </pre>
 */
final class Departure {

    private static final long SECOND = 1_000_000_000L;

    /** Stages in order; only closing the logs and marking the disk have no limit: they end or the process is killed. */
    enum Stage {
        NONE(Core.NO_DEADLINE),
        MOVING(5 * SECOND),
        CLOSING(Core.NO_DEADLINE),
        MARKING(Core.NO_DEADLINE),
        FAREWELL(2 * SECOND),
        RELEASING(3 * SECOND),
        DONE(Core.NO_DEADLINE);

        private final long limitNanos;

        Stage(long limitNanos) {
            this.limitNanos = limitNanos;
        }
    }

    private Stage stage = Stage.NONE;
    private long endsAt = Core.NO_DEADLINE;

    Stage stage() {
        return stage;
    }

    boolean begun() {
        return stage != Stage.NONE;
    }

    void enter(Stage next, long now) {
        stage = next;
        endsAt = next.limitNanos == Core.NO_DEADLINE ? Core.NO_DEADLINE : now + next.limitNanos;
    }

    boolean overdue(long now) {
        return now >= endsAt;
    }

    long deadline() {
        return endsAt;
    }
}
