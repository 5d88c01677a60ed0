// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.lease.LeaseView;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.RegistryDoc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Fences brokers on evidence (§1.4, A10). Evidence is state, judged anew on every tick and again when the fencing
 * write is made: a broker that was heard meanwhile is not fenced, and an outage of the store queues nothing.
 */
final class Liveness {

    private static final long SECOND = 1_000_000_000L;
    private static final long TICK_NANOS = SECOND / 2;
    /** Without a tick for so long this process itself stood still: heartbeats may be waiting to be read. */
    private static final long PAUSE_NANOS = 2 * SECOND;

    /** Heartbeats for which a report about others counts. */
    private static final long REPORTS_COUNT = 3;

    private static final long RESIGN_AT_MOST_EVERY = 60 * SECOND;

    private final Term term;
    private final Sessions sessions;
    private final LeaseView leases;
    private final ShardChanges shardChanges;
    private final ClusterSettings.Sessions limits;
    private final SortedMap<Integer, Long> stoppedEpochs = new TreeMap<>();
    private final Set<Integer> fencing = new TreeSet<>();
    private long termBegan;
    private long lastTickAt;
    private long nextTickAt;
    private long nextProbeAt;
    private long lastYieldAt;
    private final @Nullable LeaseHolder deceased;

    /**
     * What is known from before the term.
     *
     * @param lastYieldAt when this process resigned last because most brokers were silent
     * @param deceased the controller before, if its process is known to be gone
     */
    record Inherited(long lastYieldAt, @Nullable LeaseHolder deceased) {}

    Liveness(Term term, Sessions sessions, LeaseView leases, ShardChanges shardChanges, Inherited inherited) {
        this.term = term;
        this.sessions = sessions;
        this.leases = leases;
        this.shardChanges = shardChanges;
        this.limits = term.settings().sessions();
        this.lastYieldAt = inherited.lastYieldAt();
        this.deceased = inherited.deceased();
    }

    void begin(long now) {
        termBegan = now;
        lastTickAt = now;
        nextTickAt = now;
        nextProbeAt = now;
        greet();
    }

    /** Brokers read the controller Lease every few seconds; whoever hears of a new controller looks at once. */
    private void greet() {
        for (var broker : term.registry().durable().brokers().values()) {
            if (broker.state() != BrokerState.RETIRED
                    && broker.id() != term.me().brokerId()) {
                term.send(broker.id(), null, broker.internal(), new Message.Ping());
            }
        }
    }

    long deadline() {
        return term.active() && !term.readOnly() ? nextTickAt : Long.MAX_VALUE;
    }

    /** The broker said that it serves nothing any more. */
    void stopped(BrokerEntry broker) {
        stoppedEpochs.put(broker.id(), broker.epoch());
        nextTickAt = term.now();
    }

    /** A connection ended or was refused. */
    void peerFailed(BrokerEntry broker, boolean refused) {
        if (!refused) {
            term.send(broker, new Message.Ping());
        }
        nextTickAt = term.now();
    }

    void tick(long now) {
        if (term.readOnly()) {
            lastTickAt = now;
        }
        if (!term.active() || term.readOnly() || now < nextTickAt) {
            return;
        }
        if (now - lastTickAt > PAUSE_NANOS) {
            sessions.beginAnew(now);
            termBegan = now;
        }
        lastTickAt = now;
        nextTickAt = now + TICK_NANOS;
        probeSilent(now);
        var due = new ArrayList<Integer>();
        boolean mostSilent = mostAreSilent(now);
        for (var broker : serving()) {
            if (fencing.contains(broker.id())) {
                continue;
            }
            if (dead(broker, now)) {
                due.add(broker.id());
            } else if (unreachable(broker, now)) {
                if (!mostSilent && othersAreHere(broker, now)) {
                    due.add(broker.id());
                } else if (yields(now)) {
                    return;
                }
            }
        }
        if (mostSilent && due.isEmpty() && yields(now)) {
            return;
        }
        fence(due);
    }

    long lastYieldAt() {
        return lastYieldAt;
    }

    private void fence(List<Integer> due) {
        if (due.isEmpty()) {
            return;
        }
        fencing.addAll(due);
        term.registry().enqueue(new Change<>() {
            @Override
            public RegistryDoc apply(RegistryDoc registry) {
                var next = registry;
                for (int id : due) {
                    var fenced = registry.broker(id)
                            .filter(broker -> isServing(broker) && stillDead(broker))
                            .map(broker -> broker.withState(BrokerState.FENCED));
                    next = fenced.isPresent() ? next.with(fenced.get()) : next;
                }
                return next;
            }

            @Override
            public void durable(RegistryDoc registry) {
                fencing.removeAll(due);
                for (int id : due) {
                    if (registry.broker(id)
                            .filter(b -> b.state() == BrokerState.FENCED)
                            .isPresent()) {
                        term.info("broker fenced", "broker", Integer.toString(id));
                    }
                }
                shardChanges.settleAll();
            }
        });
    }

    private boolean stillDead(BrokerEntry broker) {
        return dead(broker, term.now()) || unreachable(broker, term.now());
    }

    /** E1, E2 and E2b, and a broker that said goodbye. Never suspended. */
    private boolean dead(BrokerEntry broker, long now) {
        boolean saidGoodbye = stoppedEpochs.getOrDefault(broker.id(), -1L) == broker.epoch();
        if (saidGoodbye || (sessions.isRefused(broker) && hadItsChance(broker, now))) {
            return true;
        }
        return silentFor(broker, now) >= limits.silence().toNanos()
                && (leases.expired(term.names().brokerLease(broker.id())) || allFindSilent(broker, now));
    }

    /**
     * E2b: everybody who replicates with the broker and is heard here finds it silent too. This controller's own broker
     * is not asked: it looks from the same place (B8). With two brokers there is nobody to ask.
     */
    private boolean allFindSilent(BrokerEntry broker, long now) {
        long since = now - REPORTS_COUNT * limits.heartbeat().toNanos();
        var observers = serving().stream()
                .filter(b -> b.id() != broker.id() && b.id() != term.me().brokerId())
                .flatMap(b -> sessions.of(b).stream())
                .filter(session -> session.observes(broker.id(), since))
                .toList();
        return !observers.isEmpty() && observers.stream().allMatch(session -> session.findsSilent(broker.id()));
    }

    /**
     * Absent brokers are given a moment after takeover (A10): after a full stop they come back one by one, and whoever
     * registers in time stays in the ISR. The former controller, if its death was the reason for this term, is not.
     */
    private boolean hadItsChance(BrokerEntry broker, long now) {
        return sessions.of(broker).isPresent()
                || isDeceased(broker)
                || now - termBegan >= limits.absence().toNanos();
    }

    private boolean isDeceased(BrokerEntry broker) {
        return deceased != null && deceased.incarnation().equals(broker.incarnation());
    }

    /** E3: long silent to us, yet its Lease is fresh. */
    private boolean unreachable(BrokerEntry broker, long now) {
        return silentFor(broker, now) >= limits.unreachable().toNanos();
    }

    private boolean othersAreHere(BrokerEntry cutOff, long now) {
        var others = serving().stream()
                .filter(b -> b.id() != cutOff.id() && b.id() != term.me().brokerId())
                .filter(b -> sessions.of(b).isPresent())
                .toList();
        if (others.isEmpty()) {
            return leases.echoFresh(now);
        }
        long alive = others.stream()
                .filter(b -> silentFor(b, now) < limits.silence().toNanos())
                .count();
        return 2 * alive > others.size();
    }

    /** E5: it is more likely that this process is cut off. */
    private boolean mostAreSilent(long now) {
        var known = serving().stream()
                .filter(b -> b.id() != term.me().brokerId() && sessions.of(b).isPresent())
                .toList();
        long silent = known.stream()
                .filter(b -> silentFor(b, now) >= limits.silence().toNanos() && !dead(b, now))
                .count();
        return silent >= 2 && 2 * silent > known.size();
    }

    private boolean yields(long now) {
        if (now - lastYieldAt < RESIGN_AT_MOST_EVERY) {
            return false;
        }
        lastYieldAt = now;
        term.resign("most brokers are silent to this controller", true);
        return true;
    }

    /** A broker that does not report is asked whether anybody listens at its address. */
    private void probeSilent(long now) {
        if (now < nextProbeAt) {
            return;
        }
        nextProbeAt = now + SECOND;
        for (var broker : serving()) {
            if (isDeceased(broker)) {
                nextProbeAt = now + TICK_NANOS;
                term.send(broker, new Message.Ping());
            } else if (silentFor(broker, now) >= limits.absence().toNanos()) {
                term.send(broker, new Message.Ping());
            }
        }
    }

    private long silentFor(BrokerEntry broker, long now) {
        if (broker.id() == term.me().brokerId()
                && broker.incarnation().equals(term.me().incarnation())) {
            return 0;
        }
        return now - sessions.of(broker).map(Sessions.Session::lastHeardAt).orElse(termBegan);
    }

    private List<BrokerEntry> serving() {
        return term.registry().durable().brokers().values().stream()
                .filter(Liveness::isServing)
                .toList();
    }

    private static boolean isServing(BrokerEntry broker) {
        return broker.state() == BrokerState.UNFENCED || broker.state() == BrokerState.SHUTTING_DOWN;
    }
}
