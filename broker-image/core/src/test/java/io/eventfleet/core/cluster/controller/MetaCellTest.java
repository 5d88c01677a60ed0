// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules ST1 to ST3 and A2: what one object's writer does after each outcome. */
class MetaCellTest {

    private final List<ClusterEffect> effects = new ArrayList<>();
    private final List<Long> durable = new ArrayList<>();
    private Term.Node node;
    private Term term;
    private MetaCell<RootDoc> cell;

    @BeforeEach
    void aRootThatWasJustRead() {
        var me = new NodeIdentity(
                "c",
                0,
                "pod",
                new UUID(0, 7),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null);
        node = new Term.Node(me, ClusterSettings.DEFAULT, Guards.ALL, () -> 4, new RequestIds(2));
        term = new Term(node);
        term.enter(0, effects::add);
        term.beginClaim(5);
        cell = new MetaCell<>(term, RootDoc.class, stored(RootDoc.created("id"), "1"));
        term.setRoot(cell);
    }

    private Doc stored(RootDoc root, String version) {
        return new Doc(term.names().root(), version, root);
    }

    private void takeBlock() {
        cell.enqueue(new Change<>() {
            @Override
            public RootDoc apply(RootDoc current) {
                return current.withNextProducerId(current.nextProducerId() + 10);
            }

            @Override
            public void durable(RootDoc now) {
                durable.add(now.nextProducerId());
            }
        });
        term.flush();
    }

    private StoreEffect.Put lastPut() {
        return (StoreEffect.Put) effects.getLast();
    }

    private void putEnds(Outcome outcome, String version) {
        term.onReply(new StoreEvent.PutDone(lastPut().reqId(), outcome, version));
        term.flush();
    }

    private void readShows(RootDoc root, String version) {
        term.onReply(new StoreEvent.Got(
                ((StoreEffect.Get) effects.getLast()).reqId(), true, Optional.of(stored(root, version))));
        term.flush();
    }

    @Test
    void completesACommandOnlyWhenItsWriteIsDurable() {
        takeBlock();
        assertThat(durable).isEmpty();
        assertThat(lastPut().expectedVersion()).isEqualTo("1");
        assertThat(((RootDoc) lastPut().body()).fence())
                .extracting(Fence::controllerEpoch, Fence::version)
                .containsExactly(5, 2L);

        putEnds(Outcome.OK, "2");

        assertThat(durable).containsExactly(10L);
        assertThat(cell.settled()).isTrue();
    }

    @Test
    void keepsOneWriteInFlight() {
        takeBlock();
        takeBlock();
        assertThat(effects).hasSize(1);

        putEnds(Outcome.OK, "2");

        assertThat(effects).hasSize(2);
        assertThat(((RootDoc) lastPut().body()).nextProducerId()).isEqualTo(20);
    }

    @Test
    void recognisesItsOwnWriteAfterALostReply() {
        takeBlock();
        var written = (RootDoc) lastPut().body();

        putEnds(Outcome.UNKNOWN, "");
        readShows(written, "2");

        assertThat(durable).containsExactly(10L);
        assertThat(cell.settled()).isTrue();
    }

    @Test
    void staysOpenAfterAnUnknownWriteThatAReadDoesNotShow() {
        takeBlock();
        putEnds(Outcome.UNKNOWN, "");

        readShows(RootDoc.created("id"), "1");

        assertThat(durable).isEmpty();
        assertThat(cell.settled()).isFalse();
        assertThat(lastPut().expectedVersion()).isEqualTo("1");
        putEnds(Outcome.OK, "2");
        assertThat(cell.settled()).isTrue();
        assertThat(durable).containsExactly(10L);
    }

    @Test
    void runsItsCommandsAgainOnWhateverWonAConflict() {
        takeBlock();
        putEnds(Outcome.CONFLICT, "");

        readShows(RootDoc.created("id").withNextProducerId(500), "9");

        assertThat(((RootDoc) lastPut().body()).nextProducerId()).isEqualTo(510);
    }

    @Test
    void resignsWhenAHigherEpochIsThere() {
        takeBlock();
        putEnds(Outcome.CONFLICT, "");
        var root = RootDoc.created("id");

        readShows(root.withFence(root.fence().next(6, "6/other/1")), "9");

        assertThat(term.phase()).isEqualTo(Term.Phase.OVER);
        assertThat(durable).isEmpty();
    }

    @Test
    void resignsWhenAnotherControllerClaimedTheSameEpoch() {
        takeBlock();
        putEnds(Outcome.CONFLICT, "");
        var root = RootDoc.created("id");

        readShows(root.withFence(root.fence().next(5, "5/other/1/1")), "9");

        assertThat(term.phase()).isEqualTo(Term.Phase.OVER);
        assertThat(durable).isEmpty();
    }

    @Test
    void resignsWhenAnEarlierTermOfTheSameProcessClaimedTheSameEpoch() {
        var earlier = new Term(node);
        earlier.beginClaim(5);
        takeBlock();
        putEnds(Outcome.CONFLICT, "");
        var root = RootDoc.created("id");

        readShows(root.withFence(root.fence().next(5, earlier.nextToken())), "9");

        assertThat(earlier.nextToken()).isNotEqualTo(term.nextToken());
        assertThat(term.phase()).isEqualTo(Term.Phase.OVER);
        assertThat(durable).isEmpty();
    }

    @Test
    void goesIntoSafeModeWhenTheStoreIsOlderThanWhatItWrote() {
        takeBlock();
        putEnds(Outcome.OK, "2");
        takeBlock();
        putEnds(Outcome.CONFLICT, "");

        readShows(RootDoc.created("id"), "1");

        assertThat(term.phase()).isEqualTo(Term.Phase.SAFE_MODE);
    }

    @Test
    void keepsTheCommandWhenTheStoreRefuses() {
        takeBlock();
        putEnds(Outcome.REJECTED, "");

        assertThat(durable).isEmpty();
        assertThat(cell.idle()).isFalse();
        assertThat(cell.deadline(0)).isPositive();
    }

    @Test
    void waitsBeforeItReadsAgainAfterASecondWriteOfUnknownOutcome() {
        takeBlock();
        putEnds(Outcome.UNKNOWN, "");
        readShows(RootDoc.created("id"), "1");

        putEnds(Outcome.UNKNOWN, "");

        assertThat(effects.getLast()).isInstanceOf(StoreEffect.Put.class);
        assertThat(cell.deadline(0)).isPositive().isNotEqualTo(Long.MAX_VALUE);
    }
}
