// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The leaders' way to the cluster core: proposals go in as events, refusals come back as effects. Thread-safe. */
final class IsrProposals implements IsrGateway {
    private final Consumer<NodeEvent> post;
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<Long, Consumer<IsrRefusal>> listeners = new ConcurrentHashMap<>();
    private volatile boolean writable;

    /** @param post gives an event to the cluster core */
    IsrProposals(Consumer<NodeEvent> post) {
        this.post = post;
    }

    @Override
    public void propose(IsrProposal proposal, Consumer<IsrRefusal> onRefused) {
        long number = lastNumber.incrementAndGet();
        listeners.put(number, onRefused);
        post.accept(new NodeEvent.IsrProposed(number, proposal));
    }

    @Override
    public boolean writable() {
        return writable;
    }

    void onWritable(boolean controllerWrites) {
        writable = controllerWrites;
    }

    void onEnded(NodeEffect.ProposalEnded ended) {
        var listener = listeners.remove(ended.number());
        var refusal = ended.refusal();
        if (listener != null && refusal != null) {
            listener.accept(refusal);
        }
    }
}
