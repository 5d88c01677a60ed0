// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.eventfleet.local.api.schema.Schema;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One compiled rule. Rules that mention {@code oldSelf} are transition rules: they are silent when there is no old value. */
public final class CelRule {
    /** What stands beside the rule in the schema. */
    record Options(boolean isTransition, boolean optionalOldSelf, String message, String reason, String fieldPath) {}

    private final String rule;
    private final CelRuntime.Program program;
    private final CelRuntime.@Nullable Program messageProgram;
    private final Options options;

    CelRule(String rule, CelRuntime.Program program, CelRuntime.@Nullable Program messageProgram, Options options) {
        this.rule = rule;
        this.program = program;
        this.messageProgram = messageProgram;
        this.options = options;
    }

    /** The cause to report when the rule does not hold; {@code path} is where the rule stands, empty at the root. */
    public Optional<Cause> check(Schema schema, JsonNode self, @Nullable JsonNode oldSelf, String path) {
        if (options.isTransition() && oldSelf == null && !options.optionalOldSelf()) {
            return Optional.empty();
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(self, schema));
        Object old = oldSelf == null ? null : CelValues.of(oldSelf, schema);
        if (options.optionalOldSelf()) {
            variables.put("oldSelf", Optional.ofNullable(old));
        } else if (old != null) {
            variables.put("oldSelf", old);
        }
        try {
            return Boolean.TRUE.equals(program.eval(variables))
                    ? Optional.empty()
                    : Optional.of(refused(self, path, message(variables)));
        } catch (CelEvaluationException e) {
            return Optional.of(refused(self, path, "rule evaluation error: " + e.getMessage()));
        }
    }

    private String message(Map<String, Object> variables) {
        if (messageProgram != null) {
            try {
                if (messageProgram.eval(variables) instanceof String text
                        && !text.isBlank()
                        && text.indexOf('\n') < 0) {
                    return text;
                }
            } catch (CelEvaluationException _) {
                // As the API server does: a message expression that fails falls back to the fixed message.
            }
        }
        return options.message().isEmpty() ? "failed rule: " + rule : options.message();
    }

    private Cause refused(JsonNode self, String path, String message) {
        String field = path.isEmpty() ? options.fieldPath().replaceFirst("^\\.", "") : path + options.fieldPath();
        String type = self.isObject() ? "object" : self.isArray() ? "array" : self.isTextual() ? "string" : "value";
        String text =
                switch (options.reason()) {
                    case "FieldValueForbidden" -> "Forbidden: " + message;
                    case "FieldValueRequired" -> "Required value: " + message;
                    case "FieldValueDuplicate" -> "Duplicate value: \"" + type + "\": " + message;
                    default -> "Invalid value: " + shown(self, type) + ": " + message;
                };
        return new Cause(options.reason(), text, field.isEmpty() ? "<nil>" : field);
    }

    private static String shown(JsonNode self, String type) {
        return self.isValueNode() ? self.toString() : '"' + type + '"';
    }
}
