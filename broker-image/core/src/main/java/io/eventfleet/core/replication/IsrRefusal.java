// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

/** Why a controller did not grant an {@link IsrProposal}. */
public enum IsrRefusal {
    /** A member is fenced, stopping, or another incarnation by now: the leader rolls back to the committed set. */
    INELIGIBLE_REPLICA,
    /** The line has changed since, or the sender does not lead: the proposal stays pending until the metadata comes. */
    OUTDATED
}
