// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

/**
 * The definition of one broker-level configuration key.
 *
 * @param setting key, type, default and rule
 * @param setBy who decides on its value
 */
public record BrokerSetting(Setting setting, SetBy setBy) {

    /** Who decides on a value. */
    public enum SetBy {
        /** Free to be set in the configuration of a cluster. */
        USER,
        /** Follows from other fields of the cluster's declaration and is refused in its configuration. */
        OPERATOR
    }

    /** The key. */
    public String key() {
        return setting.key();
    }

    /** The environment variable that overrides the key: upper-cased, '.' and '-' as '_', with one EVENTFLEET_ in front. */
    public String environmentVariable() {
        var name = key().toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
        return name.startsWith("EVENTFLEET_") ? name : "EVENTFLEET_" + name;
    }
}
