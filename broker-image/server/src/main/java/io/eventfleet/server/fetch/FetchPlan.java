// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.core.KafkaError;
import io.eventfleet.server.fetch.FetchTarget.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;

/** What a fetch request asks for, once its session is known. */
sealed interface FetchPlan {
    /** First version with sessions. */
    int SESSION_VERSION = 7;
    /** First version in which topics are known by id. */
    int TOPIC_ID_VERSION = 13;
    /** Session epoch of a request that begins a session. */
    int INITIAL_EPOCH = 0;
    /** Session epoch of a request that wants no session, or no more of one. */
    int FINAL_EPOCH = -1;

    /** The session is not what the consumer thinks. */
    record Refused(KafkaError error) implements FetchPlan {}

    /** Everything is in the request; a session may begin with it. */
    record Full(List<FetchTarget> targets, boolean wantsSession, boolean usesTopicIds) implements FetchPlan {}

    /** The session says what to read; only news are answered. */
    record Incremental(FetchSession session, List<FetchTarget> targets) implements FetchPlan {}

    static FetchPlan of(FetchRequestData request, short version, FetchSessions sessions) {
        var targets = targets(request);
        if (version < SESSION_VERSION) {
            return new Full(targets, false, false);
        }
        var usesTopicIds = version >= TOPIC_ID_VERSION;
        var epoch = request.sessionEpoch();
        if (epoch == INITIAL_EPOCH || epoch == FINAL_EPOCH) {
            sessions.remove(request.sessionId());
            return new Full(targets, epoch == INITIAL_EPOCH, usesTopicIds);
        }
        Optional<FetchSession> found = sessions.find(request.sessionId());
        if (found.isEmpty()) {
            return new Refused(KafkaError.FETCH_SESSION_ID_NOT_FOUND);
        }
        var session = found.get();
        if (session.usesTopicIds() != usesTopicIds) {
            return new Refused(KafkaError.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (!session.advance(epoch)) {
            return new Refused(KafkaError.INVALID_FETCH_SESSION_EPOCH);
        }
        session.update(targets, forgotten(request));
        return new Incremental(session, session.targets());
    }

    private static List<FetchTarget> targets(FetchRequestData request) {
        var targets = new ArrayList<FetchTarget>();
        for (var topic : request.topics()) {
            for (var partition : topic.partitions()) {
                targets.add(FetchTarget.of(topic, partition));
            }
        }
        return targets;
    }

    private static List<Key> forgotten(FetchRequestData request) {
        var keys = new ArrayList<Key>();
        for (var topic : request.forgottenTopicsData()) {
            for (var partition : topic.partitions()) {
                keys.add(new Key(topic.topicId(), topic.topic(), partition));
            }
        }
        return keys;
    }
}
