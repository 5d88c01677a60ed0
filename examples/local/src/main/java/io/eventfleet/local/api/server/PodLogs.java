// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import java.io.IOException;
import java.io.OutputStream;

/** Where {@code kubectl logs} finds the output of a pod. */
public interface PodLogs {
    /** No pod has a log. */
    PodLogs NONE = (namespace, pod, options, out) -> {};

    /** @param tailLines negative for everything */
    record Options(boolean follow, long tailLines) {}

    /** Writes the log; with {@code follow} until the client leaves or the pod is gone. */
    void write(String namespace, String pod, Options options, OutputStream out)
            throws IOException, InterruptedException;
}
