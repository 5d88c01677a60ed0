// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.Message.RegisterRequest;
import io.eventfleet.core.cluster.message.Message.Registration;
import io.eventfleet.core.cluster.message.Verdict;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Registers broker processes: Lease read, epoch from the root, stamps in every shard that lists the broker, registry
 * entry, reply; each step durable before the next (§1.3, A3). A registration may begin while the claim is still
 * running; its commands then travel in the claiming writes (A9), and only the reply waits for the end of the claim.
 */
final class Registrations {

    private static final long LEASE_READ_TIMEOUT_MS = 5_000;

    private final Term term;
    private final ShardChanges shardChanges;
    private final Sessions sessions;
    private final SortedMap<Integer, Pending> pending = new TreeMap<>();
    private final SortedMap<Integer, VersionVector> required = new TreeMap<>();

    /** Steps of one registration, in order. */
    private enum Step {
        LEASE,
        EPOCH,
        JUDGEMENT,
        STAMPS,
        ENTRY,
        REPLY
    }

    private static final class Pending {

        private final Envelope envelope;
        private final RegisterRequest request;
        private Step step = Step.LEASE;
        private long epoch = -1;
        private int stampsMissing;
        private @Nullable Verdict verdict;

        Pending(Envelope envelope, RegisterRequest request) {
            this.envelope = envelope;
            this.request = request;
        }

        int brokerId() {
            return envelope.srcId();
        }

        UUID incarnation() {
            return envelope.srcIncarnation();
        }

        boolean inPlace() {
            return request.instead() >= 0;
        }
    }

    Registrations(Term term, ShardChanges shardChanges, Sessions sessions) {
        this.term = term;
        this.shardChanges = shardChanges;
        this.sessions = sessions;
    }

    /** True while a broker's epoch is about to change: nothing new is placed on it. */
    boolean inProgress(int brokerId) {
        return pending.containsKey(brokerId);
    }

    void onRequest(Envelope envelope, RegisterRequest request) {
        if (term.phase() == Term.Phase.SAFE_MODE) {
            reply(envelope, request, Registration.SAFE_MODE, -1, null, VersionVector.NOTHING);
            return;
        }
        var running = pending.get(envelope.srcId());
        if (running != null && running.incarnation().equals(envelope.srcIncarnation())) {
            return;
        }
        var fresh = new Pending(envelope, request);
        pending.put(fresh.brokerId(), fresh);
        if (fresh.inPlace() || !term.guards().on(Guard.JUDGE_DISK)) {
            leaseHeld(fresh);
        } else {
            readLease(fresh);
        }
    }

    private void readLease(Pending p) {
        var lease = term.names().brokerLease(p.brokerId());
        long reqId = term.nextRequest(reply -> {
            if (!current(p) || !(reply instanceof StoreEvent.Got got)) {
                return;
            }
            if (!got.answered()) {
                pending.remove(p.brokerId());
                return;
            }
            boolean held = got.doc()
                    .map(doc -> ((LeaseDoc) doc.body()).holder())
                    .filter(holder -> holder.incarnation().equals(p.incarnation()))
                    .isPresent();
            if (held) {
                leaseHeld(p);
            } else {
                pending.remove(p.brokerId());
                reply(p.envelope, p.request, Registration.NOT_LEASE_HOLDER, -1, null, VersionVector.NOTHING);
            }
        });
        term.emit(new StoreEffect.Get(reqId, lease, LEASE_READ_TIMEOUT_MS));
    }

    private void leaseHeld(Pending p) {
        p.step = Step.EPOCH;
        proceed();
    }

    /** Takes every registration as far as it may go now. Called after every event. */
    void proceed() {
        if (term.phase() != Term.Phase.CLAIMING && !term.active()) {
            return;
        }
        for (var p : List.copyOf(pending.values())) {
            if (p.step == Step.EPOCH) {
                allocateEpoch(p);
            }
            if (p.step == Step.JUDGEMENT && term.registry().settled()) {
                judge(p);
            }
            if (p.step == Step.REPLY && term.active()) {
                finish(p);
            }
        }
    }

    private void allocateEpoch(Pending p) {
        var proof = p.request.proof();
        var root = term.root().durable();
        if (proof.clusterId() != null && !proof.clusterId().equals(root.fence().clusterId())) {
            refuse(p, Registration.WRONG_CLUSTER);
            return;
        }
        if (proof.brokerId() >= 0 && proof.brokerId() != p.brokerId()) {
            refuse(p, Registration.WRONG_BROKER);
            return;
        }
        var entry = term.broker(p.brokerId()).orElse(null);
        boolean exchanges = entry != null && p.request.instead() == entry.epoch();
        if (entry != null && entry.incarnation().equals(p.incarnation()) && !exchanges) {
            p.epoch = entry.epoch();
            p.step = Step.REPLY;
            return;
        }
        p.step = Step.JUDGEMENT;
        long[] given = {-1};
        p.stampsMissing = -1;
        term.root().enqueue(new Change<RootDoc>() {
            @Override
            public RootDoc apply(RootDoc current) {
                given[0] = current.nextBrokerEpoch();
                return current.withNextBrokerEpoch(given[0] + 1);
            }

            @Override
            public void durable(RootDoc now) {
                p.epoch = given[0];
            }
        });
    }

    private void judge(Pending p) {
        if (p.epoch < 0) {
            return;
        }
        var entry = term.broker(p.brokerId()).orElse(null);
        var proof = p.request.proof();
        if (entry != null && entry.incarnation().equals(p.incarnation()) && !p.inPlace()) {
            p.epoch = entry.epoch();
            p.step = Step.REPLY;
            return;
        }
        if (Verdicts.storeRegressed(proof, entry, p.epoch)) {
            term.safeMode("broker " + p.brokerId() + " knows a newer registration than the store");
            return;
        }
        var verdict =
                p.inPlace() || !term.guards().on(Guard.JUDGE_DISK) ? Verdict.INTACT : Verdicts.classify(proof, entry);
        p.verdict = verdict;
        if (verdict == Verdict.INTACT) {
            shardChanges.expectBack(p.brokerId(), p.epoch);
        }
        p.step = Step.STAMPS;
        p.stampsMissing = term.shards().size();
        for (var cell : term.shards().values()) {
            cell.enqueue(new Change<ShardDoc>() {
                @Override
                public ShardDoc apply(ShardDoc current) {
                    return shardChanges.stamp(current, p.brokerId(), p.epoch, verdict);
                }

                @Override
                public void durable(ShardDoc now) {
                    p.stampsMissing--;
                    stamped(p);
                }
            });
        }
        stamped(p);
    }

    private void stamped(Pending p) {
        if (p.step != Step.STAMPS || p.stampsMissing > 0 || !current(p)) {
            return;
        }
        p.step = Step.ENTRY;
        term.registry().enqueue(new Change<RegistryDoc>() {
            @Override
            public RegistryDoc apply(RegistryDoc current) {
                return current.with(entryOf(p, current.broker(p.brokerId()).orElse(null)));
            }

            @Override
            public void durable(RegistryDoc now) {
                p.step = Step.REPLY;
                shardChanges.settleAll();
                proceed();
            }
        });
    }

    private static BrokerEntry entryOf(Pending p, @Nullable BrokerEntry before) {
        var proof = p.request.proof();
        var dirs = new ArrayList<UUID>(before == null || p.verdict == Verdict.LOST ? List.of() : before.dirIds());
        if (!dirs.contains(proof.dirId())) {
            dirs.add(proof.dirId());
        }
        return new BrokerEntry(
                p.brokerId(),
                p.epoch,
                before == null ? BrokerEntry.NEVER_UNFENCED : before.lastUnfencedEpoch(),
                p.incarnation(),
                p.request.podUid(),
                dirs,
                proof.volumeId() != null || before == null ? proof.volumeId() : before.volumeId(),
                BrokerState.FENCED,
                p.request.internal(),
                p.request.listeners(),
                p.request.rack(),
                before == null ? new TreeMap<>() : before.extra());
    }

    private void finish(Pending p) {
        pending.remove(p.brokerId());
        var vector = term.vector();
        required.put(p.brokerId(), vector);
        term.info(
                "broker registered",
                "broker",
                Integer.toString(p.brokerId()),
                "brokerEpoch",
                Long.toString(p.epoch),
                "verdict",
                p.verdict == null ? "known" : p.verdict.name());
        reply(p.envelope, p.request, Registration.ACCEPTED, p.epoch, p.verdict, vector);
    }

    private void refuse(Pending p, Registration why) {
        pending.remove(p.brokerId());
        reply(p.envelope, p.request, why, -1, null, VersionVector.NOTHING);
    }

    private boolean current(Pending p) {
        return pending.get(p.brokerId()) == p;
    }

    private void reply(
            Envelope to,
            RegisterRequest request,
            Registration outcome,
            long epoch,
            @Nullable Verdict verdict,
            VersionVector vector) {
        var answer = new Message.RegisterReply(outcome, term.clusterId(), epoch, verdict, vector);
        term.send(to.srcId(), to.srcIncarnation(), request.internal(), answer);
    }

    /**
     * The broker has made its epoch durable and installed what was required: clients may use it from now on.
     *
     * @param broker the entry of the asking incarnation
     */
    void onUnfence(BrokerEntry broker, Message.UnfenceRequest request) {
        if (request.brokerEpoch() != broker.epoch()
                || broker.state() != BrokerState.FENCED
                || inProgress(broker.id())) {
            return;
        }
        if (stampIsAhead(broker)) {
            term.send(broker, new Message.RegisterAgain(broker.epoch()));
            return;
        }
        if (shardChanges.leads(broker.id()) && term.guards().on(Guard.BUMP_ON_REGISTRATION)) {
            // It would lead on in the epoch that it lost: nobody may begin the same leadership twice.
            return;
        }
        var needed = required.computeIfAbsent(broker.id(), id -> term.vector());
        if (!request.installed().covers(needed) || request.installed().controllerEpoch() != term.epoch()) {
            return;
        }
        term.registry().enqueue(new Change<RegistryDoc>() {
            @Override
            public RegistryDoc apply(RegistryDoc current) {
                return current.broker(broker.id())
                        .filter(entry -> entry.epoch() == broker.epoch() && entry.state() == BrokerState.FENCED)
                        .map(entry -> current.with(entry.unfenced()))
                        .orElse(current);
            }

            @Override
            public void durable(RegistryDoc now) {
                term.info("broker unfenced", "broker", Integer.toString(broker.id()));
                shardChanges.settleAll();
            }
        });
    }

    /** A half-done registration of another term stamped a shard beyond the registry (A3). */
    boolean stampIsAhead(BrokerEntry broker) {
        return !inProgress(broker.id())
                && term.shards().values().stream()
                        .anyMatch(
                                cell -> cell.durable().brokerEpochs().getOrDefault(broker.id(), -1L) > broker.epoch());
    }

    /** The broker was heard: if a shard vouches for an epoch that it never got, it must register again, in place. */
    void onHeard(BrokerEntry broker) {
        if (stampIsAhead(broker) && sessions.present(broker.id())) {
            term.send(broker, new Message.RegisterAgain(broker.epoch()));
        }
    }
}
