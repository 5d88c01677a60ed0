// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import io.eventfleet.local.kubelet.StartHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps pods from starting for a while, as a node does that is away, and does things to their disks while nobody uses them. Thread-safe.
 * {@link #releaseAll} must come before the fleet is closed.
 */
public final class PodStarts implements StartHook {
    private final Set<String> held = new HashSet<>();
    private final Map<String, BeforeStart> actions = new HashMap<>();

    /** Something to do once before a pod's process starts. */
    public interface BeforeStart {
        void run() throws IOException;
    }

    /** From now on the pod is not started again when its process ends. */
    public synchronized void hold(String pod) {
        held.add(pod);
    }

    /** The pod may start. */
    public synchronized void release(String pod) {
        held.remove(pod);
        notifyAll();
    }

    /** Every pod may start. */
    public synchronized void releaseAll() {
        held.clear();
        notifyAll();
    }

    /** Does something once, when no process of the pod runs and before the next one starts. */
    public synchronized void beforeNextStart(String pod, BeforeStart action) {
        actions.put(pod, action);
    }

    /** Removes everything in a folder; the folder stays. */
    public static void empty(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Makes a folder an exact copy of another one; what it held before goes. */
    public static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        empty(to);
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                if (!file.equals(from)) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }

    @Override
    public List<String> beforeStart(String namespace, String pod, Map<String, String> environment)
            throws IOException, InterruptedException {
        BeforeStart action;
        synchronized (this) {
            while (held.contains(pod)) {
                wait();
            }
            action = actions.remove(pod);
        }
        if (action != null) {
            action.run();
        }
        return List.of();
    }
}
