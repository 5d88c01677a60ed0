// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;

/** Kubernetes' CEL library for quantities, for example {@code quantity(self.size).isLessThan(quantity('1Gi'))}. */
final class QuantityFunctions {
    private QuantityFunctions() {}

    /** A parsed quantity; the number is in the base unit. */
    record Amount(BigDecimal value) {}

    static void addTo(CelBuilder builder) {
        global(builder, "quantity", "string_to_quantity", SimpleType.DYN, SimpleType.STRING);
        global(builder, "isQuantity", "is_quantity_string", SimpleType.BOOL, SimpleType.STRING);
        member(builder, "isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, true);
        member(builder, "isLessThan", "quantity_is_less_than", SimpleType.BOOL, true);
        member(builder, "compareTo", "quantity_compare_to", SimpleType.INT, true);
        member(builder, "asInteger", "quantity_as_integer", SimpleType.INT, false);
        member(builder, "sign", "quantity_sign", SimpleType.INT, false);
        builder.addFunctionBindings(
                CelFunctionBinding.from("string_to_quantity", String.class, text -> new Amount(parse(text))),
                CelFunctionBinding.from("is_quantity_string", String.class, QuantityFunctions::isQuantity),
                CelFunctionBinding.from(
                        "quantity_is_greater_than", Amount.class, Amount.class, (a, b) -> order(a, b) > 0),
                CelFunctionBinding.from("quantity_is_less_than", Amount.class, Amount.class, (a, b) -> order(a, b) < 0),
                CelFunctionBinding.from(
                        "quantity_compare_to", Amount.class, Amount.class, (a, b) -> (long) order(a, b)),
                CelFunctionBinding.from(
                        "quantity_as_integer", Amount.class, a -> a.value().longValueExact()),
                CelFunctionBinding.from(
                        "quantity_sign", Amount.class, a -> (long) a.value().signum()));
    }

    private static int order(Amount a, Amount b) {
        return a.value().compareTo(b.value());
    }

    private static BigDecimal parse(String text) {
        return Quantity.getAmountInBytes(Quantity.parse(text));
    }

    private static boolean isQuantity(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException | ArithmeticException _) {
            return false;
        }
    }

    private static void global(CelBuilder builder, String name, String id, CelType result, CelType argument) {
        builder.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newGlobalOverload(id, result, argument)));
    }

    private static void member(CelBuilder builder, String name, String id, CelType result, boolean binary) {
        builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                name,
                binary
                        ? CelOverloadDecl.newMemberOverload(id, result, SimpleType.DYN, SimpleType.DYN)
                        : CelOverloadDecl.newMemberOverload(id, result, SimpleType.DYN)));
    }
}
