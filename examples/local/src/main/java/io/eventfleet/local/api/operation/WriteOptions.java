// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import java.util.ArrayList;
import java.util.List;

/**
 * Query parameters of a write.
 *
 * @param warnings collects texts for the {@code Warning} header
 */
public record WriteOptions(
        boolean dryRun, String fieldManager, boolean force, FieldValidation fieldValidation, List<String> warnings) {
    /** What happens to fields that the schema does not know. */
    public enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** Options of the API's own writes. */
    public static WriteOptions internal() {
        return new WriteOptions(false, "embedded-api", false, FieldValidation.IGNORE, new ArrayList<>());
    }
}
