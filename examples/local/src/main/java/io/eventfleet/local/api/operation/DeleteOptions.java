// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

/**
 * Options of a delete.
 *
 * @param gracePeriodSeconds negative: the object's own default
 * @param uid precondition, empty for none
 * @param resourceVersion precondition, empty for none
 */
public record DeleteOptions(
        long gracePeriodSeconds, Propagation propagation, String uid, String resourceVersion, boolean dryRun) {
    /** What happens to dependents. */
    public enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    static final DeleteOptions CASCADE = new DeleteOptions(-1, Propagation.BACKGROUND, "", "", false);
}
