// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The junctors {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not} of a schema node. */
final class Alternatives {
    private final List<Schema> allOf;
    private final List<Schema> anyOf;
    private final List<Schema> oneOf;
    private final List<Schema> not;

    Alternatives(JsonNode source, Function<JsonNode, Schema> compile) {
        boolean intOrString = source.path("x-kubernetes-int-or-string").asBoolean();
        this.allOf = branches(source.path("allOf"), compile);
        this.anyOf = intOrString ? List.of() : branches(source.path("anyOf"), compile);
        this.oneOf = branches(source.path("oneOf"), compile);
        this.not = source.path("not").isObject() ? List.of(compile.apply(source.path("not"))) : List.of();
    }

    private static List<Schema> branches(JsonNode list, Function<JsonNode, Schema> compile) {
        var schemas = new ArrayList<Schema>();
        list.forEach(each -> schemas.add(compile.apply(each)));
        return schemas;
    }

    void check(JsonNode value, String path, List<Cause> causes) {
        allOf.forEach(branch -> Validation.bounds(branch, value, path, causes));
        if (!anyOf.isEmpty() && accepting(anyOf, value) == 0) {
            causes.add(refused(path, "must validate at least one schema (anyOf)"));
        }
        if (!oneOf.isEmpty() && accepting(oneOf, value) != 1) {
            causes.add(refused(path, "must validate one and only one schema (oneOf)"));
        }
        if (accepting(not, value) > 0) {
            causes.add(refused(path, "must not validate the schema (not)"));
        }
    }

    private static long accepting(List<Schema> branches, JsonNode value) {
        return branches.stream()
                .filter(branch -> {
                    var problems = new ArrayList<Cause>();
                    Validation.bounds(branch, value, "", problems);
                    return problems.isEmpty();
                })
                .count();
    }

    private static Cause refused(String path, String why) {
        return new Cause("FieldValueInvalid", "Invalid value: \"\": \"" + path + "\" " + why, path);
    }
}
