// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What may happen to a pod between the decision to start its process and the start: its node is away for a while, its disk is another one, its
 * network is not the plain one. Called on the thread of the pod; while it blocks, the pod does not run and cannot be stopped.
 */
public interface StartHook {
    /** Nothing happens. */
    StartHook NONE = (namespace, pod, environment) -> List.of();

    /**
     * Called before each start.
     *
     * @param environment what the process will be told; may be changed
     * @return JVM options to add, which win over those of the node
     * @throws IOException when the process cannot start now; tried again as any failed start
     */
    List<String> beforeStart(String namespace, String pod, Map<String, String> environment)
            throws IOException, InterruptedException;

    /** This one, then the other one. */
    default StartHook then(StartHook other) {
        return (namespace, pod, environment) -> {
            List<String> first = beforeStart(namespace, pod, environment);
            List<String> second = other.beforeStart(namespace, pod, environment);
            return java.util.stream.Stream.concat(first.stream(), second.stream())
                    .toList();
        };
    }
}
