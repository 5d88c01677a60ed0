// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.step;

/**
 * A state machine without I/O: no threads, locks, clocks or randomness. The shell feeds it events one at a time and
 * carries out the effects; the simulator does the same in virtual time.
 *
 * @param <E> events
 * @param <F> effects
 */
public interface Core<E, F> {

    /** Value of {@link #nextDeadlineNanos()} when no timer is set. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Handles one event.
     *
     * @param nowNanos monotonic time of this process, in nanoseconds
     * @param event what happened
     * @param out receives the effects, in the order in which they are to be begun
     */
    void step(long nowNanos, E event, Effects<F> out);

    /** When the machine wants a tick at the latest, in the time of {@code nowNanos}. */
    long nextDeadlineNanos();
}
