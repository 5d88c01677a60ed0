/**
 * What clients saw and what was done to the system, event by event, as JSON lines that can be checked again later. It must not judge: that is
 * what {@code check} does.
 */
package io.eventfleet.local.torture.history;
