// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the results with every single sample as JSON, for machines and for later comparison. */
public final class ResultsFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultsFile() {}

    /**
     * Writes the file, with its folder if need be.
     *
     * @param facts what the figures depend on: machine, versions, options
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Results results, Map<String, String> facts) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        JSON.writeValue(file.toFile(), json(results, facts));
    }

    static ObjectNode json(Results results, Map<String, String> facts) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode factsNode = root.putObject("facts");
        facts.forEach(factsNode::put);
        root.put("baseline", results.baseline());
        var rows = root.putArray("metrics");
        for (Metric metric : results.metrics()) {
            ObjectNode row = rows.addObject();
            row.put("suite", metric.suite());
            row.put("name", metric.name());
            row.put("unit", metric.unit());
            row.put("better", metric.better().name());
            ObjectNode systems = row.putObject("systems");
            for (String system : results.systems()) {
                results.summary(system, metric)
                        .ifPresent(summary -> fill(systems.putObject(system), results, metric, system, summary));
            }
        }
        return root;
    }

    private static void fill(ObjectNode node, Results results, Metric metric, String system, Summary summary) {
        var values = node.putArray("samples");
        results.samples(system, metric).forEach(values::add);
        node.put("median", summary.median());
        node.put("min", summary.min());
        node.put("max", summary.max());
        node.put("spreadPercent", summary.spreadPercent());
        results.ratio(system, metric).ifPresent(ratio -> node.put("ratioToBaseline", ratio));
    }
}
