// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.function.Consumer;

/** A controller that is never there. */
final class NoProposals implements IsrGateway {
    @Override
    public void propose(IsrProposal proposal, Consumer<IsrRefusal> onRefused) {}

    @Override
    public boolean writable() {
        return false;
    }
}
