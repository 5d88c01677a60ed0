// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import java.util.List;
import java.util.stream.Collectors;

/** All suites, in the order in which a round runs them: the ones that need an untouched broker first. */
public final class Suites {
    private static final List<Suite> ALL = List.of(new StartSuite(), new ProduceSuite(), new ConsumeSuite());

    private Suites() {}

    /**
     * The suites of these names in their own order; all of them for no names.
     *
     * @throws IllegalArgumentException if there is no suite of a name
     */
    public static List<Suite> named(List<String> names) {
        List<String> known = ALL.stream().map(Suite::name).toList();
        List<String> unknown =
                names.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no suite named " + String.join(", ", unknown) + "; there are: "
                    + known.stream().collect(Collectors.joining(", "))
                    + ", and failover, which runs alone");
        }
        return ALL.stream()
                .filter(suite -> names.isEmpty() || names.contains(suite.name()))
                .toList();
    }
}
