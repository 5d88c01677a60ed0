// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

/** An invariant was broken. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int invariant;

    /** @param invariant its number in the specification */
    public Violation(int invariant, String message) {
        super("invariant " + invariant + ": " + message);
        this.invariant = invariant;
    }

    public int invariant() {
        return invariant;
    }
}
