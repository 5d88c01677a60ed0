// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Optional;

/** The framework's context, as far as reconcilers that only read secondary resources need it. */
public final class TestContexts {
    private TestContexts() {}

    /** A context with these secondary resources; every other question fails the test. */
    @SuppressWarnings("unchecked")
    public static <P extends HasMetadata> Context<P> with(HasMetadata... secondaries) {
        return (Context<P>) Proxy.newProxyInstance(
                TestContexts.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getSecondaryResource") && arguments.length == 1) {
                        var type = (Class<?>) arguments[0];
                        return Optional.ofNullable(Arrays.stream(secondaries)
                                .filter(type::isInstance)
                                .findFirst()
                                .orElse(null));
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
