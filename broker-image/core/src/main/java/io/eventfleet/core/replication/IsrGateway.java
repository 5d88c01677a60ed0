// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import java.util.function.Consumer;

/** The way of a leader's proposals to the controller. Thread-safe; nothing blocks. */
public interface IsrGateway {

    /**
     * Proposes, again and again until the proposal is refused, the metadata shows a higher partition epoch, or another
     * proposal for the same partition replaces it.
     *
     * @param onRefused called at most once, on any thread; must not block
     */
    void propose(IsrProposal proposal, Consumer<IsrRefusal> onRefused);

    /**
     * False while the controller says that it cannot write: a larger ISR must not be proposed then, for a pending one
     * only holds up the high watermark (docs/coordination.md).
     */
    boolean writable();
}
