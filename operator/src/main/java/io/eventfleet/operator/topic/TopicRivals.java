// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.v1alpha1.Topic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Two resources that declare one topic name: the older wins, on equal times the smaller uid. Pure. */
final class TopicRivals {
    private static final Comparator<HasMetadata> BY_AGE = Comparator.<HasMetadata, String>comparing(
                    resource -> resource.getMetadata().getCreationTimestamp())
            .thenComparing(resource -> resource.getMetadata().getUid());

    private TopicRivals() {}

    /**
     * The name of the resource that wins over this one; null when it wins itself.
     *
     * @param declaring every Topic that declares the same topic name of the same cluster, this one included or not
     */
    static @Nullable String elder(Topic topic, Collection<Topic> declaring) {
        return declaring.stream()
                .filter(rival ->
                        !rival.getMetadata().getUid().equals(topic.getMetadata().getUid()))
                .filter(rival -> BY_AGE.compare(rival, topic) < 0)
                .min(BY_AGE)
                .map(rival -> rival.getMetadata().getName())
                .orElse(null);
    }
}
