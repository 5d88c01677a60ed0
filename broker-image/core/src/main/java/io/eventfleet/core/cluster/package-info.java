/**
 * The vocabulary of cluster metadata: topic and partition lines, broker entries, and their text form in the store. It
 * must not know who writes them, over which API they are stored, or when they change.
 */
package io.eventfleet.core.cluster;
