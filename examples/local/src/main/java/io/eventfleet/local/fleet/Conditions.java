// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads {@code status.conditions} of any object. */
final class Conditions {
    private Conditions() {}

    /** True when the condition holds and speaks of the present generation. */
    static boolean isTrue(GenericKubernetesResource object, String type) {
        Long generation = object.getMetadata().getGeneration();
        return conditions(object).stream()
                .filter(condition -> type.equals(condition.get("type")))
                .anyMatch(condition -> "True".equals(condition.get("status"))
                        && (generation == null
                                || !(condition.get("observedGeneration") instanceof Number seen)
                                || seen.longValue() >= generation));
    }

    /** All conditions in one line. */
    static String summary(GenericKubernetesResource object) {
        List<Map<?, ?>> conditions = conditions(object);
        return conditions.isEmpty()
                ? "it has no conditions"
                : conditions.stream()
                        .map(c ->
                                c.get("type") + "=" + c.get("status") + " " + c.get("reason") + ": " + c.get("message"))
                        .collect(Collectors.joining("; "));
    }

    private static List<Map<?, ?>> conditions(GenericKubernetesResource object) {
        if (object.get("status", "conditions") instanceof List<?> list) {
            return list.stream()
                    .filter(Map.class::isInstance)
                    .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                    .toList();
        }
        return List.of();
    }
}
