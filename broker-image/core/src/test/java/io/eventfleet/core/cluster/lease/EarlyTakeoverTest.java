// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeEvent.PeerFailure;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S21: when a standby takes the controller Lease before it expires, and what is no reason to. */
class EarlyTakeoverTest {

    private static final long MS = 1_000_000L;
    private static final Endpoint ADDRESS = new Endpoint("broker-0", 9093);
    private static final LeaseHolder HOLDER = new LeaseHolder(0, "pod-0", new UUID(0, 100));

    private final List<ClusterEffect> effects = new ArrayList<>();
    private LeaseDoc stored = new LeaseDoc(HOLDER, 15_000, 0, 1, ADDRESS);
    private int version = 1;
    private int rank;
    private long now;
    private boolean refusing;
    private ElectorCore elector;

    @BeforeEach
    void aStandbyThatHasReadTheLease() {
        var me = new NodeIdentity(
                "c",
                1,
                "pod-1",
                new UUID(0, 200),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("broker-1", 9093),
                new TreeMap<>(),
                null);
        elector = new ElectorCore(me, null, ClusterSettings.DEFAULT.leases(), new RequestIds(1), dead -> rank);
        step(new NodeEvent.Started());
    }

    @Test
    void takesTheLeaseWhenTheAddressKeepsRefusing() {
        refusing = true;

        failed(PeerFailure.CLOSED, now);
        runFor(1_000);

        assertThat(effects).contains(new Signal.Elected(HOLDER));
        assertThat(stored.holder()).isNotEqualTo(HOLDER);
    }

    @Test
    void anEndedConnectionIsNoEvidence() {
        failed(PeerFailure.CLOSED, now);
        runFor(5_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void oneRefusalIsNoEvidence() {
        failed(PeerFailure.REFUSED, now);
        runFor(5_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void silenceIsNoEvidenceBeforeTheLeaseExpires() {
        runFor(14_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void attemptsFromBeforeTheLeaseWasReadDoNotCount() {
        long before = now - 1;
        for (int i = 0; i < 10; i++) {
            failed(PeerFailure.REFUSED, before);
        }
        runFor(1_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void refusalsOfAnotherAddressDoNotCount() {
        for (int i = 0; i < 10; i++) {
            step(new NodeEvent.PeerFailed(0, new Endpoint("broker-0", 1), PeerFailure.REFUSED, now));
        }
        runFor(1_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void aRenewedLeaseNeedsNewEvidence() {
        failed(PeerFailure.REFUSED, now);
        failed(PeerFailure.REFUSED, now);
        renew();
        runFor(3_000);

        failed(PeerFailure.REFUSED, now);
        runFor(3_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void aRenewalThatWasNotReadWinsByCompareAndSwap() {
        failed(PeerFailure.REFUSED, now);
        failed(PeerFailure.REFUSED, now);
        renew();

        failed(PeerFailure.REFUSED, now);
        runFor(3_000);

        assertThat(effects).anyMatch(StoreEffect.Put.class::isInstance);
        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void aHolderThatIsHeardLives() {
        failed(PeerFailure.REFUSED, now);
        failed(PeerFailure.REFUSED, now);
        step(new NodeEvent.Received(
                new Envelope(0, HOLDER.incarnation(), 1, 1, 1, null, new Message.HeartbeatAck(false, null))));
        failed(PeerFailure.REFUSED, now);
        runFor(3_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void laterStandbysWaitForTheirTurn() {
        rank = 2;
        refusing = true;

        failed(PeerFailure.CLOSED, now);
        runFor(4_000);
        assertThat(stored.holder()).isEqualTo(HOLDER);

        runFor(1_000);
        assertThat(stored.holder()).isNotEqualTo(HOLDER);
    }

    @Test
    void evidenceThatIsNotRepeatedFadesWhileOneWaits() {
        rank = 2;
        refusing = true;
        failed(PeerFailure.CLOSED, now);
        runFor(1_000);

        refusing = false;
        runFor(10_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    @Test
    void aStandbyThatLeavesTakesNothing() {
        refusing = true;
        step(new Signal.ReleaseRequested());

        failed(PeerFailure.REFUSED, now);
        runFor(3_000);

        assertThat(stored.holder()).isEqualTo(HOLDER);
    }

    private void failed(PeerFailure failure, long attemptedAt) {
        step(new NodeEvent.PeerFailed(0, ADDRESS, failure, attemptedAt));
    }

    private void renew() {
        stored = new LeaseDoc(HOLDER, 15_000, 0, stored.renewal() + 1, ADDRESS);
        version++;
    }

    private void runFor(long ms) {
        long end = now + ms * MS;
        while (elector.nextDeadlineNanos() <= end && elector.nextDeadlineNanos() != Core.NO_DEADLINE) {
            now = Math.max(now, elector.nextDeadlineNanos());
            step(new NodeEvent.Tick());
        }
        now = end;
        step(new NodeEvent.Tick());
    }

    /** One event, and what a store and a network without delay make of it. */
    private void step(ClusterEvent event) {
        var out = new ArrayList<ClusterEffect>();
        elector.step(now, event, out::add);
        effects.addAll(out);
        for (var effect : out) {
            switch (effect) {
                case StoreEffect.Get get -> step(new StoreEvent.Got(get.reqId(), true, Optional.of(doc())));
                case StoreEffect.Put put -> step(put(put));
                case NodeEffect.Send send
                when refusing && send.to().equals(ADDRESS) -> failed(PeerFailure.REFUSED, now);
                default -> {}
            }
        }
    }

    private Doc doc() {
        return new Doc(new ObjectNames("c").controllerLease(), Integer.toString(version), stored);
    }

    private StoreEvent put(StoreEffect.Put put) {
        if (!put.expectedVersion().equals(Integer.toString(version))) {
            return new StoreEvent.PutDone(put.reqId(), Outcome.CONFLICT, "");
        }
        stored = (LeaseDoc) put.body();
        version++;
        return new StoreEvent.PutDone(put.reqId(), Outcome.OK, Integer.toString(version));
    }
}
