// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One follower's connection to one leader: one fetch at a time for all partitions that it follows there. */
final class FetchPipeline {

    private static final long TIMEOUT_NANOS = 3 * World.SECOND;
    private static final long RETRY_NANOS = 100 * World.MS;

    private final SimNode.Process process;
    private final SimNode leader;
    private final Map<TopicPartitionId, SimFollower> followed = new LinkedHashMap<>();
    private long request;
    private boolean inFlight;
    private int working;
    private boolean scheduled;

    FetchPipeline(SimNode.Process process, SimNode leader) {
        this.process = process;
        this.leader = leader;
    }

    void follow(SimFollower follower) {
        followed.put(follower.id(), follower);
        wakeUp(0);
    }

    void forget(TopicPartitionId id) {
        followed.remove(id);
    }

    /** Asks soon, unless a question is under way. */
    void wakeUp(long delay) {
        if (!scheduled) {
            scheduled = true;
            process.after(delay, () -> {
                scheduled = false;
                ask();
            });
        }
    }

    private void ask() {
        if (inFlight || working > 0 || followed.isEmpty() || process.image().selfEpoch() < 0) {
            return;
        }
        long now = process.world().now();
        var wanted = new ArrayList<ReplicaWire.Wanted>();
        boolean later = false;
        for (var follower : followed.values()) {
            if (follower.idle(now)) {
                wanted.add(follower.wanted());
            } else {
                later = true;
            }
        }
        if (wanted.isEmpty()) {
            if (later) {
                wakeUp(RETRY_NANOS);
            }
            return;
        }
        inFlight = true;
        long number = ++request;
        var fetch = new ReplicaWire.FetchRequest(
                process.node().id(), process.image().selfEpoch(), List.copyOf(wanted));
        process.cluster().replicaNet().send(process, leader, fetch, parts -> answered(number, parts));
        process.after(TIMEOUT_NANOS, () -> failed(number));
    }

    private void answered(long number, List<ReplicaWire.Part> parts) {
        if (!inFlight || number != request) {
            return;
        }
        inFlight = false;
        working = parts.size();
        for (var part : parts) {
            var follower = followed.get(part.id());
            if (follower == null) {
                worked();
            } else {
                follower.answered(part, this::worked);
            }
        }
    }

    private void worked() {
        if (--working == 0) {
            wakeUp(World.MS / 10);
        }
    }

    /** No answer, or none that will come: the connection is given up. */
    private void failed(long number) {
        if (inFlight && number == request) {
            inFlight = false;
            wakeUp(RETRY_NANOS);
        }
    }
}
