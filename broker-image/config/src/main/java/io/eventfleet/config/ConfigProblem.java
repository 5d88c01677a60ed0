// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

/**
 * One reason why a configuration is refused.
 *
 * @param key the key at fault
 * @param reason what is wrong with it, as prose for the person who wrote it
 */
public record ConfigProblem(String key, String reason) {
    @Override
    public String toString() {
        return key + ": " + reason;
    }
}
