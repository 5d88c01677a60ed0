/**
 * Puts the cluster cores of one node together into a single state machine. It decides nothing itself.
 */
package io.eventfleet.core.cluster.node;
