// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Compiles rules. One instance serves any number of schemas; thread-safe. */
public final class CelRules {
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private final Cel plain = environment(false);
    private final Cel withOptionalOldSelf = environment(true);

    private static Cel environment(boolean optionalOldSelf) {
        var options =
                CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
        var builder = CelFactory.standardCelBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.math(options),
                        CelExtensions.sets(options),
                        CelExtensions.lists(),
                        CelExtensions.encoders(options),
                        CelExtensions.bindings())
                .addRuntimeLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.math(options),
                        CelExtensions.sets(options),
                        CelExtensions.lists(),
                        CelExtensions.encoders(options))
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", optionalOldSelf ? OptionalType.create(SimpleType.DYN) : SimpleType.DYN);
        QuantityFunctions.addTo(builder);
        return builder.build();
    }

    /** @throws CelRuleException when one of them does not compile */
    public List<CelRule> compile(JsonNode validations) {
        var rules = new ArrayList<CelRule>();
        for (JsonNode each : validations) {
            String rule = each.path("rule").asText();
            boolean optional = each.path("optionalOldSelf").asBoolean();
            Cel environment = optional ? withOptionalOldSelf : plain;
            String messageRule = each.path("messageExpression").asText("");
            rules.add(new CelRule(
                    rule,
                    program(environment, rule),
                    messageRule.isEmpty() ? null : program(environment, messageRule),
                    new CelRule.Options(
                            OLD_SELF.matcher(rule).find(),
                            optional,
                            each.path("message").asText(""),
                            each.path("reason").asText("FieldValueInvalid"),
                            each.path("fieldPath").asText(""))));
        }
        return List.copyOf(rules);
    }

    private static CelRuntime.Program program(Cel environment, String rule) {
        try {
            return environment.createProgram(environment.compile(rule).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new CelRuleException(rule, String.valueOf(e.getMessage()));
        }
    }
}
