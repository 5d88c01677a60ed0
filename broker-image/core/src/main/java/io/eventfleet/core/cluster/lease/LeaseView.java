// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import io.eventfleet.core.cluster.store.Ref;

/** What an observer of Leases can say. */
public interface LeaseView {

    /** True if the Lease was released, or is proven not to have been renewed for a Lease duration. */
    boolean expired(Ref lease);

    /** True if an own renewal came back recently: the store answers, and nothing is missing before it. */
    boolean echoFresh(long nowNanos);
}
