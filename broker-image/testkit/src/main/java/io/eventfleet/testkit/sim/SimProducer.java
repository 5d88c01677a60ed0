// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import org.jspecify.annotations.Nullable;

/** A producer with one request in flight. Every failure may have stored the records, so it repeats the same request. */
final class SimProducer {

    private static final long REQUEST_NANOS = 3 * World.SECOND;
    private static final long DELIVERY_NANOS = 15 * World.SECOND;

    private final SimCluster cluster;
    private final SimClients clients;
    private final World world;
    private @Nullable SimSend current;
    private long givenUpAt;
    private long attempt;
    private boolean stopped;
    private long acknowledged;

    SimProducer(SimCluster cluster, SimClients clients) {
        this.cluster = cluster;
        this.clients = clients;
        this.world = cluster.world();
    }

    void start() {
        world.after(world.between(0, World.SECOND), this::next);
    }

    void stop() {
        stopped = true;
    }

    /** Requests acknowledged so far. */
    long acknowledged() {
        return acknowledged;
    }

    private void next() {
        current = null;
        if (stopped) {
            return;
        }
        var route = clients.anyPartition();
        if (route.isEmpty()) {
            world.after(World.SECOND, this::next);
            return;
        }
        var acks = world.chance(0.8) ? SimSend.Acks.ALL : SimSend.Acks.LEADER;
        current = new SimSend(route.get().id(), clients.nextPayload(), (int) world.between(1, 4), acks);
        givenUpAt = world.now() + DELIVERY_NANOS;
        attempt(current, route.get());
    }

    private void attempt(SimSend send, SimClients.Route route) {
        long number = ++attempt;
        var leader = route.leader();
        clients.send(leader, () -> leader.replicas()
                .produce(
                        send,
                        (error, offset) -> clients.answer(() -> {
                            if (number == attempt) {
                                answered(send, error);
                            }
                        })));
        world.after(REQUEST_NANOS, () -> {
            if (number == attempt) {
                retry(send);
            }
        });
    }

    private void answered(SimSend send, KafkaError error) {
        attempt++;
        if (error == KafkaError.NONE) {
            acknowledged++;
            world.after(pause(), this::next);
        } else {
            world.after(world.between(20 * World.MS, 300 * World.MS), () -> retry(send));
        }
    }

    private void retry(SimSend send) {
        attempt++;
        if (send != current || world.now() > givenUpAt) {
            next();
            return;
        }
        var route = clients.route(send.id());
        if (route.isPresent()) {
            attempt(send, route.get());
        } else {
            world.after(World.SECOND / 2, () -> retry(send));
        }
    }

    private long pause() {
        return world.between(10 * World.MS, 400 * World.MS);
    }
}
