// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Which brokers this controller has heard in its term, and what they have installed. Starts empty with every term. */
final class Sessions {

    /** One broker's session with this controller. */
    static final class Session {

        private final UUID incarnation;
        private long lastHeardAt;
        private boolean refused;
        private VersionVector installed = VersionVector.NOTHING;
        private VersionVector pushed = VersionVector.NOTHING;
        private long pushedAt = Long.MIN_VALUE;
        private long reportedAt = Long.MIN_VALUE;
        private Set<Integer> peers = Set.of();
        private Set<Integer> silentPeers = Set.of();

        private Session(UUID incarnation, long now) {
            this.incarnation = incarnation;
            this.lastHeardAt = now;
        }

        long lastHeardAt() {
            return lastHeardAt;
        }

        /** Nobody listens at its address, and nothing was heard since. */
        boolean refused() {
            return refused;
        }

        /** What it says of the brokers with which it replicates. */
        void reported(long now, Set<Integer> all, Set<Integer> silent) {
            reportedAt = now;
            peers = all;
            silentPeers = silent;
        }

        /** Whether its report since the given time says anything about the broker. */
        boolean observes(int brokerId, long since) {
            return reportedAt >= since && peers.contains(brokerId);
        }

        boolean findsSilent(int brokerId) {
            return silentPeers.contains(brokerId);
        }

        VersionVector installed() {
            return installed;
        }

        void installed(VersionVector vector) {
            installed = vector;
        }

        VersionVector pushed() {
            return pushed;
        }

        long pushedAt() {
            return pushedAt;
        }

        void pushed(VersionVector vector, long now) {
            pushed = vector;
            pushedAt = now;
        }
    }

    private final SortedMap<Integer, Session> sessions = new TreeMap<>();
    private final SortedMap<Integer, Boolean> refusedUnheard = new TreeMap<>();

    /** A message of the registered incarnation arrived. True if this is the first one in the term. */
    boolean heard(BrokerEntry broker, long now) {
        var session = sessions.get(broker.id());
        refusedUnheard.remove(broker.id());
        if (session == null || !session.incarnation.equals(broker.incarnation())) {
            sessions.put(broker.id(), new Session(broker.incarnation(), now));
            return true;
        }
        session.lastHeardAt = now;
        session.refused = false;
        return false;
    }

    /** The session of the registered incarnation, if it had one in this term. */
    Optional<Session> of(BrokerEntry broker) {
        return Optional.ofNullable(sessions.get(broker.id()))
                .filter(session -> session.incarnation.equals(broker.incarnation()));
    }

    boolean present(int brokerId) {
        return sessions.containsKey(brokerId);
    }

    /** This process stood still: nobody's silence before now counts. */
    void beginAnew(long now) {
        sessions.values().forEach(session -> {
            session.lastHeardAt = Math.max(session.lastHeardAt, now);
            session.refused = false;
        });
        refusedUnheard.clear();
    }

    /** A connection to the broker's registered address was refused; the attempt began at the given time. */
    void refused(BrokerEntry broker, Endpoint address, long attemptedAt) {
        if (!broker.internal().equals(address)) {
            return;
        }
        of(broker)
                .ifPresentOrElse(
                        session -> session.refused |= attemptedAt >= session.lastHeardAt,
                        () -> refusedUnheard.put(broker.id(), true));
    }

    boolean isRefused(BrokerEntry broker) {
        return of(broker).map(Session::refused).orElse(refusedUnheard.containsKey(broker.id()));
    }
}
