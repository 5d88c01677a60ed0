// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import io.eventfleet.local.fleet.LocalFleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** What commands print about a fleet. */
final class Terminal {
    private static final int LOG_LINES = 25;
    private static final String API_VERSION = "eventfleet.io/v1alpha1";

    private Terminal() {}

    /** The three resources as {@code kubectl get} prints them; by {@code kubectl} itself where it is installed. */
    static void showResources(LocalFleet fleet, Progress progress) throws InterruptedException {
        for (String plural : List.of("eventclusters", "topics", "consumergroups")) {
            String table = kubectl(fleet, plural);
            progress.plain("");
            progress.plain("$ kubectl get " + plural);
            progress.plain((table.isEmpty() ? fleet.table(API_VERSION, plural, "default") : table).stripTrailing());
        }
        progress.plain("");
    }

    private static String kubectl(LocalFleet fleet, String plural) throws InterruptedException {
        try {
            var builder = new ProcessBuilder("kubectl", "get", plural + ".eventfleet.io").redirectErrorStream(true);
            builder.environment().put("KUBECONFIG", fleet.kubeconfig().toString());
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text : "";
        } catch (IOException _) {
            return "";
        }
    }

    /** The ends of all logs, for whoever has to find out why something failed. */
    static void showLogs(LocalFleet fleet, Progress progress) {
        for (var pod : fleet.client().pods().inAnyNamespace().list().getItems()) {
            var metadata = pod.getMetadata();
            progress.plain("--- last lines of " + metadata.getName());
            fleet.logTail(metadata.getNamespace(), metadata.getName(), LOG_LINES)
                    .forEach(progress::plain);
        }
        progress.plain("--- last lines of the operator");
        try {
            List<String> lines = Files.readAllLines(fleet.operatorLog(), StandardCharsets.ISO_8859_1);
            lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).forEach(progress::plain);
        } catch (IOException e) {
            progress.plain("(not readable: " + e.getMessage() + ")");
        }
    }
}
