// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;

/** What is sent to change a status: identity and status, nothing that belongs to the user. */
public final class StatusPatches {
    private StatusPatches() {}

    /** A document that applies a status to a resource. */
    public static <S, T, R extends CustomResource<S, T>> R of(R resource, T status) {
        try {
            @SuppressWarnings("unchecked")
            var patch = (R) resource.getClass().getDeclaredConstructor().newInstance();
            patch.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(resource.getMetadata().getNamespace())
                    .withName(resource.getMetadata().getName())
                    .build());
            patch.setStatus(status);
            return patch;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a custom resource has a public constructor without parameters", e);
        }
    }

    /** A failure in one line, for a condition's message. */
    public static String describe(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        var message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
