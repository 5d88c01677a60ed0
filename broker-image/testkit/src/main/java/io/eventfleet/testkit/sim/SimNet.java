// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeEvent.PeerFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The network between brokers: per direction it may delay, drop, repeat, reorder or be cut. */
final class SimNet {

    private final World world;
    private final Invariants evidence;
    private final Map<Endpoint, SimNode> hosts = new HashMap<>();
    private final Set<Edge> cut = new HashSet<>();
    private double lossRate;
    private long maxDelay = 3 * World.MS;

    private record Edge(int from, int to) {}

    SimNet(World world, Invariants evidence) {
        this.world = world;
        this.evidence = evidence;
    }

    void add(SimNode node) {
        hosts.put(node.internal(), node);
    }

    void heal() {
        cut.clear();
        lossRate = 0;
        maxDelay = 3 * World.MS;
    }

    void cut(int from, int to, boolean value) {
        if (value) {
            cut.add(new Edge(from, to));
        } else {
            cut.remove(new Edge(from, to));
        }
    }

    /** Drops and repeats a share of the messages and delays all by up to this many milliseconds. */
    void lossy(double rate, long delayMs) {
        lossRate = rate;
        maxDelay = delayMs * World.MS;
    }

    void send(SimNode.Process from, Endpoint to, Envelope envelope) {
        var target = hosts.get(to);
        if (target == null) {
            return;
        }
        int a = from.node().id();
        int b = target.id();
        if (isCut(a, b) || !target.hostUp() || world.chance(lossRate)) {
            return;
        }
        long sentAt = from.localTime();
        int copies = world.chance(lossRate) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            world.after(world.between(World.MS / 10, maxDelay), () -> arrive(from, target, envelope, sentAt));
        }
    }

    private void arrive(SimNode.Process from, SimNode target, Envelope envelope, long sentAt) {
        var process = target.process();
        if (process.isPresent()) {
            from.contacts().add(target);
            evidence.onHeard(process.get(), envelope);
            process.get().deliver(new NodeEvent.Received(envelope));
        } else if (target.hostUp() && !isCut(target.id(), from.node().id())) {
            evidence.onEvidence(target.id());
            tell(from, target, PeerFailure.REFUSED, sentAt);
        }
    }

    /** A process ended; whoever had sent to it sees the connection end, if the host still answers. */
    void processEnded(SimNode node, Iterable<SimNode> all) {
        for (var other : all) {
            other.process().ifPresent(process -> {
                boolean reachable = !isCut(node.id(), other.id()) && node.hostUp();
                if (process.contacts().remove(node) && reachable) {
                    tell(process, node, PeerFailure.CLOSED, process.localTime());
                }
            });
        }
    }

    private void tell(SimNode.Process process, SimNode about, PeerFailure failure, long attemptedAt) {
        world.after(
                world.between(World.MS / 10, maxDelay),
                () -> process.deliver(new NodeEvent.PeerFailed(about.id(), about.internal(), failure, attemptedAt)));
    }

    private boolean isCut(int from, int to) {
        return cut.contains(new Edge(from, to));
    }
}
