// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consumer that reads one partition for a while, from its beginning, and checks everything that it is told. */
final class SimConsumer {

    private static final long REQUEST_NANOS = 2 * World.SECOND;
    private static final int POLLS_PER_PARTITION = 40;

    private final SimCluster cluster;
    private final SimClients clients;
    private final World world;
    private @Nullable TopicPartitionId id;
    private long position;
    private long latest;
    private int knownEpoch;
    private int polls;
    private long attempt;

    /**
     * What a broker says.
     *
     * @param latestOffset where the readable records end, or -1 while that cannot be told (KIP-207)
     */
    record Fetched(KafkaError error, List<SimBatch> batches, long logStartOffset, long latestOffset) {

        static Fetched refused(KafkaError error) {
            return new Fetched(error, List.of(), -1, -1);
        }
    }

    SimConsumer(SimCluster cluster, SimClients clients) {
        this.cluster = cluster;
        this.clients = clients;
        this.world = cluster.world();
    }

    void start() {
        later();
    }

    private void later() {
        world.after(world.between(50 * World.MS, World.SECOND), this::poll);
    }

    private void poll() {
        long number = ++attempt;
        if (id == null || ++polls > POLLS_PER_PARTITION) {
            id = null;
            clients.anyPartition().ifPresent(route -> {
                id = route.id();
                position = 0;
                latest = 0;
                knownEpoch = 0;
                polls = 0;
            });
        }
        if (id == null) {
            later();
            return;
        }
        var wanted = id;
        var route = clients.route(wanted);
        if (route.isEmpty() || route.get().leaderEpoch() < knownEpoch) {
            later();
            return;
        }
        var leader = route.get().leader();
        long from = position;
        int epoch = route.get().leaderEpoch();
        knownEpoch = epoch;
        clients.send(leader, () -> {
            var fetched = leader.replicas().read(wanted, epoch, from);
            clients.answer(() -> {
                if (number == attempt) {
                    attempt++;
                    check(wanted, leader.name(), fetched);
                    later();
                }
            });
        });
        world.after(REQUEST_NANOS, () -> {
            if (number == attempt) {
                poll();
            }
        });
    }

    private void check(TopicPartitionId wanted, String who, Fetched fetched) {
        var truth = cluster.oracle().truth(wanted);
        if (fetched.error() == KafkaError.OFFSET_OUT_OF_RANGE) {
            if (position >= fetched.logStartOffset() && !truth.excused()) {
                throw new Violation(34, who + " has nothing at " + position + " of " + wanted + " any more");
            }
            position = fetched.logStartOffset();
        }
        for (var batch : fetched.batches()) {
            truth.read(who, batch);
            if (batch.baseOffset() > position && !truth.excused()) {
                throw new Violation(34, who + " skips from " + position + " to " + batch + " of " + wanted);
            }
            position = batch.endOffset();
            world.count("batches consumed");
        }
        if (fetched.latestOffset() >= 0) {
            if (fetched.latestOffset() < latest && !truth.excused()) {
                throw new Violation(
                        35, who + " says that " + wanted + " ends at " + fetched.latestOffset() + ", before " + latest);
            }
            latest = fetched.latestOffset();
        }
    }
}
