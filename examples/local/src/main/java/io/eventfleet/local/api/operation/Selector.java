// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.JsonPath;
import io.eventfleet.local.api.status.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label selector and a field selector together. */
public final class Selector {
    /** Selects everything. */
    public static final Selector ALL = new Selector(List.of());

    private static final Pattern SET = Pattern.compile("([^\\s=!]+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^\\s=!]+)\\s*(==|=|!=)\\s*(\\S*)");
    private static final Pattern PRESENCE = Pattern.compile("(!?)\\s*([^\\s=!,()]+)");
    private static final Pattern OUTSIDE_PARENTHESES = Pattern.compile(",(?![^()]*\\))");

    private final List<Predicate<JsonNode>> terms;

    private Selector(List<Predicate<JsonNode>> terms) {
        this.terms = terms;
    }

    /** Parses the two query parameters; either may be empty. */
    public static Selector parse(String labels, String fields) {
        if (labels.isBlank() && fields.isBlank()) {
            return ALL;
        }
        var terms = new ArrayList<Predicate<JsonNode>>();
        if (!labels.isBlank()) {
            for (String term : OUTSIDE_PARENTHESES.split(labels)) {
                terms.add(label(term.strip()));
            }
        }
        if (!fields.isBlank()) {
            for (String term : fields.split(",")) {
                terms.add(field(term.strip()));
            }
        }
        return new Selector(terms);
    }

    public boolean matches(JsonNode object) {
        return terms.stream().allMatch(term -> term.test(object));
    }

    private static Predicate<JsonNode> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String key = set.group(1);
            Set<String> values = Set.of(set.group(3).strip().split("\\s*,\\s*"));
            boolean in = set.group(2).equals("in");
            return object -> {
                JsonNode value = labels(object).path(key);
                return in == (value.isTextual() && values.contains(value.asText()));
            };
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            String key = equality.group(1);
            String wanted = equality.group(3);
            boolean equal = !equality.group(2).equals("!=");
            return object -> {
                JsonNode value = labels(object).path(key);
                return equal == (value.isTextual() && value.asText().equals(wanted));
            };
        }
        Matcher presence = PRESENCE.matcher(term);
        if (presence.matches()) {
            String key = presence.group(2);
            boolean present = presence.group(1).isEmpty();
            return object -> labels(object).has(key) == present;
        }
        throw ApiFailure.badRequest("unable to parse requirement: " + term);
    }

    private static JsonNode labels(JsonNode object) {
        return object.path("metadata").path("labels");
    }

    private static Predicate<JsonNode> field(String term) {
        Matcher equality = EQUALITY.matcher(term);
        if (!equality.matches()) {
            throw ApiFailure.badRequest("invalid field selector: " + term);
        }
        JsonPath path = JsonPath.parse(equality.group(1));
        String wanted = equality.group(3);
        boolean equal = !equality.group(2).equals("!=");
        return object -> path.first(object).asText("").equals(wanted) == equal;
    }
}
