/**
 * The entry point of the local system.
 * It must not hold behaviour of its own: commands do.
 */
package io.eventfleet.local;
