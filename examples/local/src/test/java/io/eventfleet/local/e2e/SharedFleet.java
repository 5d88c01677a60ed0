// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every test class the same fleet of three brokers, started by the first that asks and stopped after the last. Tests therefore name
 * their topics and groups after themselves, and leave the fleet as it serves others.
 */
final class SharedFleet implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedFleet.class);
    private static final int BROKERS = 3;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Fleet.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Fleet.class, key -> Fleet.startEmpty(BROKERS), Fleet.class);
    }
}
