// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.schema;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One x-kubernetes-validations rule; a rule that names oldSelf holds on creation. */
final class CelRule {
    private static final Cel CEL = CelFactory.standardCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .build();

    private final CelRuntime.Program program;
    private final boolean transition;

    private CelRule(CelRuntime.Program program, boolean transition) {
        this.program = program;
        this.transition = transition;
    }

    static CelRule of(String rule) {
        try {
            return new CelRule(CEL.createProgram(CEL.compile(rule).getAst()), rule.contains("oldSelf"));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }

    boolean holds(@Nullable Object old, Object value) {
        if (transition && old == null) {
            return true;
        }
        try {
            var variables =
                    transition ? Map.of("self", widen(value), "oldSelf", widen(old)) : Map.of("self", widen(value));
            return (Boolean) program.eval(variables);
        } catch (CelEvaluationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** CEL has one integer type, of 64 bits. */
    private static Object widen(Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case List<?> list -> list.stream().map(CelRule::widen).toList();
            case Map<?, ?> map ->
                map.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> widen(entry.getValue())));
            default -> value;
        };
    }
}
