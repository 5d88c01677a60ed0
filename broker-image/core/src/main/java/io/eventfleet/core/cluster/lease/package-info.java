/**
 * The Leases of a node: renewing its own, judging others by what the watch delivered, and electing the controller. It must
 * not know what a controller does.
 */
package io.eventfleet.core.cluster.lease;
