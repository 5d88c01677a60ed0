// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.step;

/**
 * Receives the effects of one step.
 *
 * @param <F> effects
 */
@FunctionalInterface
public interface Effects<F> {

    /** Takes one effect; called in order. */
    void emit(F effect);
}
