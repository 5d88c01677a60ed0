// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.DiskProof;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message.RegisterReply;
import io.eventfleet.core.cluster.message.Message.RegisterRequest;
import io.eventfleet.core.cluster.message.Message.Registration;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What brokers are told that ask before the root has been read. */
class RegistrationsTest {

    private static final UUID ASKING = new UUID(1, 8);

    private final List<ClusterEffect> effects = new ArrayList<>();
    private Term term;
    private Registrations registrations;

    @BeforeEach
    void aTermThatHasReadNothing() {
        var address = new Endpoint("b", 1);
        var me = new NodeIdentity(
                "c", 0, "pod", new UUID(0, 7), "boot", null, Durability.SYNCED, address, new TreeMap<>(), null);
        term = new Term(new Term.Node(me, ClusterSettings.DEFAULT, Guards.ALL, () -> 4, new RequestIds(2)));
        term.enter(0, effects::add);
        registrations = new Registrations(term, new ShardChanges(term, id -> true), new Sessions());
    }

    private void ask() {
        var proof = new DiskProof(
                null, -1, new UUID(3, 3), -1, -1, Durability.SYNCED, null, "boot", null, VersionVector.NOTHING);
        var request = new RegisterRequest("pod", proof, new Endpoint("a", 1), new TreeMap<>(), null, -1);
        registrations.onRequest(new Envelope(1, ASKING, -1, 0, 0, null, request), request);
    }

    private RegisterReply answer() {
        return (RegisterReply) ((NodeEffect.Send) effects.getLast()).envelope().message();
    }

    @Test
    void saysThatItIsInSafeModeThoughTheRootIsMissing() {
        term.safeMode("the root object is missing");

        ask();

        assertThat(answer().registration()).isEqualTo(Registration.SAFE_MODE);
        assertThat(answer().clusterId()).isEmpty();
    }

    @Test
    void saysThatTheLeaseIsAnothersThoughTheRootIsNotRead() {
        ask();
        var read = (StoreEffect.Get) effects.getLast();

        term.onReply(new StoreEvent.Got(read.reqId(), true, Optional.empty()));

        assertThat(answer().registration()).isEqualTo(Registration.NOT_LEASE_HOLDER);
        assertThat(answer().clusterId()).isEmpty();
    }
}
