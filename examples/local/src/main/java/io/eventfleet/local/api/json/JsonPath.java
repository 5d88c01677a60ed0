// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Kubernetes' JSONPath that printer columns, scale paths and field selectors use: fields, quoted fields,
 * indexes, {@code [*]} and the filter {@code [?(@.field=="value")]}.
 */
public final class JsonPath {
    private static final Pattern STEP =
            Pattern.compile("\\.?\\[\\?\\(\\s*@\\.([^=!\\s]+)\\s*==\\s*[\"']([^\"']*)[\"']\\s*\\)\\]"
                    + "|\\.?\\['((?:[^'\\\\]|\\\\.)*)'\\]|\\.?\\[(\\*|-?\\d+)\\]|\\.?((?:[^.\\[\\\\]|\\\\.)+)");

    private sealed interface Step {}

    private record Field(String name) implements Step {}

    private record Index(int position) implements Step {}

    private record Every() implements Step {}

    private record Where(List<String> field, String value) implements Step {}

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /** Parses {@code .spec.replicas}, with or without the leading dot; an unreadable rest is ignored. */
    public static JsonPath parse(String path) {
        var steps = new ArrayList<Step>();
        Matcher step = STEP.matcher(path.strip());
        int at = 0;
        while (step.find(at) && step.start() == at) {
            at = step.end();
            if (step.group(1) != null) {
                steps.add(new Where(List.of(step.group(1).split("\\.")), step.group(2)));
            } else if (step.group(3) != null) {
                steps.add(new Field(unescape(step.group(3))));
            } else if (step.group(4) != null) {
                steps.add(step.group(4).equals("*") ? new Every() : new Index(Integer.parseInt(step.group(4))));
            } else {
                steps.add(new Field(unescape(step.group(5))));
            }
        }
        return new JsonPath(steps);
    }

    private static String unescape(String field) {
        return field.replaceAll("\\\\(.)", "$1");
    }

    /** Every match, in document order. */
    public List<JsonNode> all(JsonNode root) {
        List<JsonNode> nodes = List.of(root);
        for (Step step : steps) {
            var next = new ArrayList<JsonNode>();
            nodes.forEach(node -> follow(step, node, next));
            nodes = next;
        }
        return nodes;
    }

    /** The first match, or a missing node. */
    public JsonNode first(JsonNode root) {
        List<JsonNode> matches = all(root);
        return matches.isEmpty() ? MissingNode.getInstance() : matches.getFirst();
    }

    /** The path as plain field names; used to write to it. */
    public List<String> fields() {
        return steps.stream()
                .filter(Field.class::isInstance)
                .map(step -> ((Field) step).name())
                .toList();
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> into) {
        switch (step) {
            case Field(String name) -> addPresent(node.path(name), into);
            case Index(int position) -> addPresent(node.path(position < 0 ? node.size() + position : position), into);
            case Every() -> node.forEach(into::add);
            case Where(List<String> field, String value) -> {
                for (JsonNode element : node) {
                    JsonNode at = element;
                    for (String name : field) {
                        at = at.path(name);
                    }
                    if (at.asText("").equals(value)) {
                        into.add(element);
                    }
                }
            }
        }
    }

    private static void addPresent(JsonNode node, List<JsonNode> into) {
        if (!node.isMissingNode()) {
            into.add(node);
        }
    }
}
