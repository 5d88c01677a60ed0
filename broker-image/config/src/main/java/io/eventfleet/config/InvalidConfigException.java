// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; carries every problem found, not only the first. */
public final class InvalidConfigException extends RuntimeException {
    private final transient List<ConfigProblem> problems;

    /** @param problems at least one problem */
    public InvalidConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order of the keys. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
