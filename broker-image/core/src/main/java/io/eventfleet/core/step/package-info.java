// SPDX-License-Identifier: Apache-2.0
/**
 * The shape of every state machine of the core: events in, effects out, time as a parameter. It knows no concrete
 * machine.
 */
package io.eventfleet.core.step;
