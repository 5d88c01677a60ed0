// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.status;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Conditions.Reason;

/**
 * What is said about a resource in one pass.
 *
 * @param phase the kind of state, from which the conditions follow
 * @param reason why, for machines
 * @param message why, for people
 */
public record Verdict(Phase phase, Reason reason, String message) {

    /** The kinds of state of a resource. */
    public enum Phase {
        /** It does what it is for. */
        READY("True", "False", "False"),
        /** It is on its way and does not yet do what it is for. */
        PROGRESSING("False", "True", "False"),
        /** It does what it is for, and something about it is still on its way. */
        READY_PROGRESSING("True", "True", "False"),
        /** Without a change by someone nothing will get better. */
        STALLED("False", "False", "True"),
        /** It does what it is for, and a declared change cannot be made. */
        READY_STALLED("True", "False", "True"),
        /** It is left alone on request. */
        PAUSED("Unknown", "False", "False"),
        /** It cannot be said what it does. */
        UNKNOWN("Unknown", "True", "False");

        private final String ready;
        private final String reconciling;
        private final String stalled;

        Phase(String ready, String reconciling, String stalled) {
            this.ready = ready;
            this.reconciling = reconciling;
            this.stalled = stalled;
        }

        String ready() {
            return ready;
        }

        String reconciling() {
            return reconciling;
        }

        String stalled() {
            return stalled;
        }
    }

    /** It does what it is for. */
    public static Verdict ready(String message) {
        return new Verdict(Phase.READY, Reason.AsDeclared, message);
    }

    /** It is on its way. */
    public static Verdict progressing(Reason reason, String message) {
        return new Verdict(Phase.PROGRESSING, reason, message);
    }

    /** Without a change by someone nothing will get better. */
    public static Verdict stalled(Reason reason, String message) {
        return new Verdict(Phase.STALLED, reason, message);
    }

    /** It is left alone, because an annotation says so. */
    public static Verdict paused() {
        return new Verdict(Phase.PAUSED, Reason.Paused, "annotated with " + Annotations.PAUSED);
    }

    /** It cannot be said what it does. */
    public static Verdict unknown(Reason reason, String message) {
        return new Verdict(Phase.UNKNOWN, reason, message);
    }
}
