// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.group;

import io.eventfleet.api.contract.Conditions;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus.Lag;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus.Member;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus.TopicLag;
import io.eventfleet.operator.broker.BrokerAdmin;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Found;
import io.eventfleet.operator.status.ConditionList;
import io.eventfleet.operator.status.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The status of a ConsumerGroup as a function of what the brokers say. Pure. */
final class GroupStatuses {
    private final ConsumerGroup group;
    private final Instant now;

    GroupStatuses(ConsumerGroup group, Instant now) {
        this.group = group;
        this.now = now;
    }

    /** Nothing is known of the group now; what was known is kept as long as it may still be true. */
    ConsumerGroupStatus withoutObservation(Verdict verdict, boolean keep) {
        var stored = keep ? group.getStatus() : null;
        return new ConsumerGroupStatus(
                group.getMetadata().getGeneration(),
                conditions(verdict).toList(),
                group.groupId(),
                stored == null ? null : stored.state(),
                stored == null ? null : stored.coordinator(),
                stored == null ? null : stored.memberCount(),
                stored == null ? List.of() : stored.members(),
                stored == null ? null : stored.lag(),
                stored == null ? List.of() : stored.topics());
    }

    /**
     * The group as the brokers describe it.
     *
     * @param keepLag true when the lag changed too recently to be changed again
     */
    ConsumerGroupStatus of(Found found, boolean keepLag) {
        var stored = group.getStatus();
        var oldLag = stored == null ? null : stored.lag();
        var keep = keepLag && oldLag != null;
        var conditions = conditions(verdict(found));
        topicsCondition(found, conditions);
        return new ConsumerGroupStatus(
                group.getMetadata().getGeneration(),
                conditions.toList(),
                group.groupId(),
                found.state(),
                found.coordinator() == null
                        ? null
                        : Names.brokerPod(group.getSpec().cluster(), found.coordinator()),
                found.members().size(),
                members(found),
                keep ? oldLag : lag(found),
                keep ? stored.topics() : topics(found));
    }

    static @Nullable Lag lag(Found found) {
        return new Lag(found.lagByTopic().values().stream()
                .mapToLong(BrokerAdmin.TopicLag::records)
                .sum());
    }

    static Verdict verdict(Found found) {
        return switch (found.state()) {
            case "Stable" ->
                Verdict.ready(found.members().size() + (found.members().size() == 1 ? " member" : " members"));
            case "Empty" -> new Verdict(Verdict.Phase.READY, Reason.GroupEmpty, "the group has no members");
            default -> Verdict.progressing(Reason.GroupRebalancing, "the group is in state " + found.state());
        };
    }

    private ConditionList conditions(Verdict verdict) {
        var stored = group.getStatus();
        return ConditionList.after(
                        stored == null ? List.of() : stored.conditions(),
                        group.getMetadata().getGeneration(),
                        now)
                .with(verdict);
    }

    private void topicsCondition(Found found, ConditionList conditions) {
        var declared = group.getSpec().topics();
        if (declared.isEmpty()) {
            return;
        }
        var missing = new TreeSet<>(declared);
        missing.removeAll(consumed(found));
        if (missing.isEmpty()) {
            conditions.with(Conditions.CONSUMES_TOPICS, "True", Reason.AsDeclared, "every declared topic is consumed");
        } else {
            conditions.with(
                    Conditions.CONSUMES_TOPICS,
                    "False",
                    Reason.TopicsNotConsumed,
                    "not consumed: " + String.join(", ", missing));
        }
    }

    private static Set<String> consumed(Found found) {
        var topics = new TreeSet<>(found.lagByTopic().keySet());
        found.members().forEach(member -> topics.addAll(member.partitions().keySet()));
        return topics;
    }

    private static List<Member> members(Found found) {
        return found.members().stream()
                .sorted(Comparator.comparing(BrokerAdmin.Member::memberId))
                .limit(ConsumerGroupStatus.MAX_MEMBERS)
                .map(member -> new Member(
                        member.memberId(),
                        member.clientId(),
                        member.host(),
                        member.partitions().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()))
                .toList();
    }

    private static List<TopicLag> topics(Found found) {
        return found.lagByTopic().entrySet().stream()
                .limit(ConsumerGroupStatus.MAX_TOPICS)
                .map(entry -> new TopicLag(
                        entry.getKey(),
                        entry.getValue().partitions(),
                        entry.getValue().records()))
                .toList();
    }
}
