// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Notes what is proposed and answers nothing by itself. */
public final class FakeGateway implements IsrGateway {
    private final List<Proposed> proposals = new CopyOnWriteArrayList<>();
    private volatile boolean writable = true;

    private record Proposed(IsrProposal proposal, Consumer<IsrRefusal> onRefused) {}

    @Override
    public void propose(IsrProposal proposal, Consumer<IsrRefusal> onRefused) {
        proposals.add(new Proposed(proposal, onRefused));
    }

    @Override
    public boolean writable() {
        return writable;
    }

    public void setWritable(boolean canWrite) {
        writable = canWrite;
    }

    /** Everything proposed until now. */
    public List<IsrProposal> proposals() {
        return proposals.stream().map(Proposed::proposal).toList();
    }

    /** Refuses the last proposal. */
    public void refuse(IsrRefusal why) {
        proposals.getLast().onRefused().accept(why);
    }
}
