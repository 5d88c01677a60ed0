// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.nio.file.Path;
import java.util.List;

/**
 * What the node needs to run pods.
 *
 * @param data where volumes, logs and materialised configuration live
 * @param kubeconfig given to the processes, so that they find the API
 * @param classPath entries of the class path of every pod's process
 * @param mainClass what every pod runs
 * @param jvmOptions put before the main class
 * @param startHook what happens to a pod before its process starts
 */
public record NodeSettings(
        Path data,
        Path kubeconfig,
        List<String> classPath,
        String mainClass,
        List<String> jvmOptions,
        StartHook startHook) {
    /** The name under which the machine appears as a node. */
    static final String NODE_NAME = "local";

    /** All pods share the loopback address. */
    static final String POD_ADDRESS = "127.0.0.1";

    Path hostsFile() {
        return data.resolve("hosts");
    }

    Path podFolder(String uid) {
        return data.resolve("pods").resolve(uid);
    }

    Path volumeFolder(String namespace, String claim) {
        return data.resolve("volumes").resolve(namespace).resolve(claim);
    }

    Path logFile(String namespace, String pod) {
        return data.resolve("logs").resolve(namespace + "." + pod + ".log");
    }
}
