// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import java.util.UUID;

/**
 * Who holds a Lease; {@code holderIdentity} is its text.
 *
 * @param brokerId broker id
 * @param podUid uid of the pod
 * @param incarnation random id of the process
 */
public record LeaseHolder(int brokerId, String podUid, UUID incarnation) {

    /** {@code id/podUid/incarnation}. */
    public String identity() {
        return brokerId + "/" + podUid + "/" + incarnation;
    }

    /** Parses {@link #identity()}; a foreign text becomes a holder that is nobody's predecessor. */
    public static LeaseHolder parse(String identity) {
        String[] parts = identity.split("/", 3);
        try {
            if (parts.length == 3) {
                return new LeaseHolder(Integer.parseInt(parts[0]), parts[1], UUID.fromString(parts[2]));
            }
        } catch (IllegalArgumentException foreign) {
            return foreign(identity);
        }
        return foreign(identity);
    }

    private static LeaseHolder foreign(String identity) {
        return new LeaseHolder(-1, identity, new UUID(0, 0));
    }
}
