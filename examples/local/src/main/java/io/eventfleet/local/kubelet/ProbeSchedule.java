// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Probe;

/** When a probe is due and what its results add up to. Pure; not thread-safe. Times are in nanoseconds of one clock. */
final class ProbeSchedule {
    /** What the results so far mean. */
    enum Verdict {
        UNDECIDED,
        PASSED,
        FAILED
    }

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long periodNs;
    private final int successThreshold;
    private final int failureThreshold;
    private long dueNs;
    private int successes;
    private int failures;

    ProbeSchedule(Probe probe, long nowNs) {
        this.periodNs = Math.max(1, or(probe.getPeriodSeconds(), 10)) * NS_PER_SECOND;
        this.successThreshold = Math.max(1, or(probe.getSuccessThreshold(), 1));
        this.failureThreshold = Math.max(1, or(probe.getFailureThreshold(), 3));
        this.dueNs = nowNs + or(probe.getInitialDelaySeconds(), 0) * NS_PER_SECOND;
    }

    static int or(@org.jspecify.annotations.Nullable Integer value, int absent) {
        return value == null ? absent : value;
    }

    boolean isDue(long nowNs) {
        return nowNs - dueNs >= 0;
    }

    long dueNs() {
        return dueNs;
    }

    /** Takes one result and says what is known now. */
    Verdict record(boolean success, long nowNs) {
        dueNs = nowNs + periodNs;
        successes = success ? successes + 1 : 0;
        failures = success ? 0 : failures + 1;
        if (successes >= successThreshold) {
            return Verdict.PASSED;
        }
        return failures >= failureThreshold ? Verdict.FAILED : Verdict.UNDECIDED;
    }
}
