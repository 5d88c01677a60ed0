// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How Topic resources are read. */
class TopicsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void asksAgainForAnUnansweredResourceOnlyAfterAWhile() {
        List<ClusterEffect> effects = new ArrayList<>();
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
        var term = new Term(new Term.Node(me, ClusterSettings.DEFAULT, Guards.ALL, () -> 4, new RequestIds(2)));
        term.enter(0, effects::add);
        term.beginClaim(5);
        term.activate();
        var shardChanges = new ShardChanges(term, id -> true);
        var topics =
                new Topics(term, shardChanges, new TopicLayout(term, shardChanges, id -> false), new Deletions(term));
        topics.onWatched(new Ref(Kind.TOPIC, "t"));
        topics.proceed(0);
        var read = (StoreEffect.Get) effects.getLast();

        term.onReply(new StoreEvent.Got(read.reqId(), false, Optional.empty()));
        topics.proceed(0);

        assertThat(effects).hasSize(1);
        assertThat(topics.deadline()).isEqualTo(SECOND);
        topics.proceed(SECOND);
        assertThat(effects).hasSize(2);
    }
}
