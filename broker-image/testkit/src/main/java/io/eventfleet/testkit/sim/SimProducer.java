// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;
import org.jspecify.annotations.Nullable;

/** A producer with one request in flight. Every failure may have stored the records, so it repeats the same request. */
final class SimProducer {

    private static final long REQUEST_NANOS = 3 * World.SECOND;
    private static final long DELIVERY_NANOS = 15 * World.SECOND;

    private final SimCluster cluster;
    private final SimClients clients;
    private final World world;
    private @Nullable SimSend current;
    private @Nullable TopicPartitionId target;
    private long sendsToTarget;
    private long givenUpAt;
    private long attempt;
    private boolean stopped;

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

    private void next() {
        current = null;
        if (stopped) {
            return;
        }
        if (target == null || --sendsToTarget <= 0) {
            target = null;
            sendsToTarget = world.between(5, 60);
        }
        var route = target == null ? clients.anyPartition() : clients.route(target);
        if (route.isEmpty()) {
            target = null;
            world.after(World.SECOND, this::next);
            return;
        }
        target = route.get().id();
        var acks = world.chance(0.7) ? SimSend.Acks.ALL : SimSend.Acks.LEADER;
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
            world.count("acknowledged " + send.acks());
            world.after(pause(), this::next);
        } else {
            world.after(world.between(20 * World.MS, 300 * World.MS), () -> retry(send));
        }
    }

    private void retry(SimSend send) {
        attempt++;
        if (send != current || world.now() > givenUpAt) {
            world.count("given up");
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
        return world.between(World.MS, 200 * World.MS);
    }
}
