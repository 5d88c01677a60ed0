// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.List;

/**
 * The definition of one topic configuration key.
 *
 * @param setting key, type, default and rule
 * @param brokerSynonyms broker-level keys that give the default, the most specific first
 * @param support what the platform does with it
 */
public record TopicSetting(Setting setting, List<BrokerSynonym> brokerSynonyms, Support support) {

    /** What becomes of a value that is accepted. */
    public enum Support {
        /** The value is honoured. */
        HONOURED,
        /** The value tunes a file layout that does not exist here: accepted so that unmodified clients work, without effect. */
        WITHOUT_EFFECT,
        /** Only the value that names the one existing behaviour is accepted. */
        FIXED
    }

    /**
     * A broker-level key whose value is the default of topics that do not set the topic-level key.
     *
     * @param key the broker-level key
     * @param factor the value is multiplied by this (hours and minutes to milliseconds); 1 copies the text
     */
    public record BrokerSynonym(String key, long factor) {
        String toTopicValue(String brokerValue) {
            if (factor == 1) {
                return brokerValue;
            }
            var number = Long.parseLong(brokerValue);
            return Long.toString(number < 0 ? number : number * factor);
        }
    }

    /** The topic-level key. */
    public String key() {
        return setting.key();
    }
}
