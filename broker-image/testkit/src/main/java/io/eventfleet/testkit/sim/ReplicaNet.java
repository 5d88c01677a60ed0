// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.testkit.sim.ReplicaWire.FetchRequest;
import io.eventfleet.testkit.sim.ReplicaWire.Part;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries fetches between brokers. A connection may stay with a process whose pod was replaced; what its network swallows is
 * lost, or arrives long after the follower has given the connection up. Nothing is doubled within one connection.
 */
final class ReplicaNet {

    private final World world;
    private final SimNet net;

    ReplicaNet(World world, SimNet net) {
        this.world = world;
        this.net = net;
    }

    /** @param answer runs in the asking process, at most once, or never */
    void send(SimNode.Process from, SimNode to, FetchRequest request, Consumer<List<Part>> answer) {
        carry(from.node().id(), to.id(), () -> {
            var target = target(to);
            if (target != null) {
                target.run(() -> target.replicas()
                        .onFetch(
                                request,
                                parts -> carry(to.id(), from.node().id(), () -> from.run(() -> answer.accept(parts)))));
            }
        });
    }

    private SimNode.@Nullable Process target(SimNode to) {
        if (!to.stray().isEmpty() && world.chance(0.5)) {
            return to.stray().getFirst();
        }
        return to.process().orElse(null);
    }

    private void carry(int from, int to, Runnable delivery) {
        if (net.swallows(from, to)) {
            if (world.chance(0.3)) {
                world.after(world.between(World.SECOND, 15 * World.SECOND), delivery);
            }
            return;
        }
        world.after(net.delay(), delivery);
    }
}
