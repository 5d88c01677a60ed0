// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Creates the Topic resource of an internal topic on first use, with a partition count that never changes (A16). */
final class InternalTopics {

    private static final long TIMEOUT_MS = 5_000;

    private final Term term;
    private final Topics topics;
    private final Set<String> creating = new HashSet<>();

    InternalTopics(Term term, Topics topics) {
        this.term = term;
        this.topics = topics;
    }

    /** Somebody needs the topic; nothing happens if it exists or is unknown to this version. */
    void onWanted(String topicName) {
        var settings = term.settings().topics().internalTopics().get(topicName);
        boolean exists = term.homes()
                        .anyMatch(home -> home.name().equals(topicName)
                                && (home.state() == TopicState.OPEN || home.state() == TopicState.NEW))
                || topics.known().values().stream()
                        .anyMatch(doc -> doc.topicName().equals(topicName));
        if (settings == null || exists || term.readOnly() || !creating.add(topicName)) {
            return;
        }
        var limits = term.settings().topics();
        int brokers = Math.max(1, term.unfenced().size());
        int replicas = Math.min(Math.min(settings.replicationFactor(), brokers), limits.maxReplicationFactor());
        var ref = new Ref(Kind.TOPIC, resourceName(topicName));
        var doc = TopicDoc.toCreate(topicName, settings.partitions(), replicas, settings.config());
        long reqId = term.nextRequest(reply -> {
            creating.remove(topicName);
            topics.onWatched(ref);
        });
        term.emit(new StoreEffect.Create(reqId, ref, doc, TIMEOUT_MS));
    }

    private String resourceName(String topicName) {
        String plain = topicName.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return term.me().cluster() + (plain.startsWith("-") ? plain : "-" + plain);
    }
}
