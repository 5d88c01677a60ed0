// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import java.util.List;

/**
 * One fault of a period.
 *
 * @param draw a random number that chooses the victims among those that there are when the time has come, not negative
 * @param strength between 0 (mild) and 1 (hard)
 */
public record PlannedFault(FaultKind kind, int draw, double strength) {
    /** The one of these that the draw chooses. */
    <T> T choose(List<T> candidates) {
        return candidates.get(draw % candidates.size());
    }

    /** The one after the chosen one. */
    <T> T chooseAnother(List<T> candidates) {
        return candidates.get((draw + 1 + (draw / candidates.size()) % (candidates.size() - 1)) % candidates.size());
    }

    /** A number between two bounds, by strength. */
    long between(long mild, long hard) {
        return mild + Math.round(strength * (hard - mild));
    }
}
