// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.DescribedSetting.Source;
import io.eventfleet.config.SettingType;

/** The numbers that the protocol has for sources and types of settings. */
final class ConfigCodes {
    private ConfigCodes() {}

    static byte source(Source source) {
        return switch (source) {
            case DYNAMIC_TOPIC_CONFIG -> 1;
            case STATIC_BROKER_CONFIG -> 4;
            case DEFAULT_CONFIG -> 5;
        };
    }

    static byte type(SettingType type) {
        return switch (type) {
            case BOOLEAN -> 1;
            case STRING -> 2;
            case INT -> 3;
            case LONG -> 5;
            case DOUBLE -> 6;
            case LIST -> 7;
        };
    }
}
