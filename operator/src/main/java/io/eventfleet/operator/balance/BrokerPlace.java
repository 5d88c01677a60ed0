// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.balance;

import org.jspecify.annotations.Nullable;

/**
 * A broker that replicas can be given to.
 *
 * @param id broker id
 * @param rack failure domain; null when it is not known, which counts as one of its own
 */
public record BrokerPlace(int id, @Nullable String rack) {
    /** The failure domain, or a name that no other broker shares. */
    String domain() {
        return rack == null ? "broker " + id : "rack " + rack;
    }
}
