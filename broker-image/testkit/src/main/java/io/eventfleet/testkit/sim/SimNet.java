// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeEvent.PeerFailure;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network between brokers: per direction it may delay, drop, repeat, reorder or be cut. */
final class SimNet {

    private final World world;
    private final Invariants evidence;
    private final Map<Endpoint, SimNode> hosts = new LinkedHashMap<>();
    private final Set<Edge> cut = new HashSet<>();
    private double lossRate;
    private final long calmDelay;
    private long maxDelay;

    private record Edge(int from, int to) {}

    SimNet(World world, Invariants evidence) {
        this.world = world;
        this.calmDelay = world.chance(0.5) ? 3 * World.MS : world.between(10 * World.MS, 150 * World.MS);
        this.maxDelay = calmDelay;
        this.evidence = evidence;
    }

    void add(SimNode node) {
        hosts.put(node.internal(), node);
    }

    void heal() {
        cut.clear();
        calm();
    }

    /** Loses nothing and is as fast as it can be. */
    void calm() {
        lossRate = 0;
        maxDelay = calmDelay;
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
        if (swallows(a, b) || !target.hostUp()) {
            return;
        }
        long sentAt = from.localTime();
        int copies = world.chance(lossRate) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            world.after(delay(), () -> arrive(from, target, envelope, sentAt));
        }
    }

    private void arrive(SimNode.Process from, SimNode target, Envelope envelope, long sentAt) {
        var process = receiver(target, envelope);
        if (process.isPresent()) {
            from.contacts().add(target);
            evidence.onHeard(process.get(), envelope);
            process.get().deliver(new NodeEvent.Received(envelope));
        } else if (target.hostUp() && !isCut(target.id(), from.node().id())) {
            evidence.onEvidence(target.id());
            tell(from, target, PeerFailure.REFUSED, sentAt);
        }
    }

    /** Connections to a process whose pod was replaced stay; who does not ask for it by name may reach either. */
    private Optional<SimNode.Process> receiver(SimNode target, Envelope envelope) {
        for (var stray : target.stray()) {
            boolean meant = stray.incarnation().equals(envelope.dstIncarnation());
            if (meant || (envelope.dstIncarnation() == null && world.chance(0.3))) {
                return Optional.of(stray);
            }
        }
        return target.process();
    }

    /** A process ended; whoever had sent to it sees the connection end, if the host still answers. */
    void processEnded(SimNode.Process ended) {
        var node = ended.node();
        for (var other : hosts.values()) {
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
                delay(),
                () -> process.deliver(new NodeEvent.PeerFailed(about.id(), about.internal(), failure, attemptedAt)));
    }

    /** Whether what is sent now does not arrive. */
    boolean swallows(int from, int to) {
        return isCut(from, to) || world.chance(lossRate);
    }

    double lossRate() {
        return lossRate;
    }

    /** How long what is sent now is under way, in nanoseconds. */
    long delay() {
        return world.between(World.MS / 10, maxDelay);
    }

    private boolean isCut(int from, int to) {
        return cut.contains(new Edge(from, to));
    }
}
