// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.cel;

/** A rule of a CustomResourceDefinition that does not compile; the definition is refused with this text. */
public final class CelRuleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CelRuleException(String rule, String why) {
        super("rule " + rule + ": " + why);
    }
}
