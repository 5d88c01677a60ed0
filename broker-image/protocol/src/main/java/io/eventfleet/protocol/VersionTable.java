// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;

/** The APIs that this broker answers, with their versions. Immutable. */
public final class VersionTable {
    private final Map<ApiKeys, VersionRange> ranges;

    /**
     * @param ranges the implemented APIs; a version that the message library cannot read or calls unstable is refused
     *     with IllegalArgumentException
     */
    public VersionTable(Map<ApiKeys, VersionRange> ranges) {
        ranges.forEach((key, range) -> {
            if (!key.isVersionEnabled(range.lowest(), false) || !key.isVersionEnabled(range.highest(), false)) {
                throw new IllegalArgumentException(key + " cannot be offered as " + range);
            }
        });
        this.ranges = ranges.isEmpty() ? Map.of() : new EnumMap<>(ranges);
    }

    public boolean supports(ApiKeys key, short version) {
        var range = ranges.get(key);
        return range != null && range.contains(version);
    }

    public Optional<VersionRange> range(ApiKeys key) {
        return Optional.ofNullable(ranges.get(key));
    }

    /** As ApiVersions lists them. Produce is listed from 0, which old librdkafka versions insist on. */
    public ApiVersionCollection toApiVersions() {
        var all = new ApiVersionCollection(ranges.size());
        ranges.forEach((key, range) -> all.add(toApiVersion(key, range)));
        return all;
    }

    /** The one entry of the answer to an ApiVersions request that is newer than this broker. */
    public ApiVersionCollection apiVersionsEntry() {
        var one = new ApiVersionCollection(1);
        range(ApiKeys.API_VERSIONS).ifPresent(range -> one.add(toApiVersion(ApiKeys.API_VERSIONS, range)));
        return one;
    }

    private static ApiVersion toApiVersion(ApiKeys key, VersionRange range) {
        var lowest = key == ApiKeys.PRODUCE ? ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION : range.lowest();
        return new ApiVersion().setApiKey(key.id).setMinVersion(lowest).setMaxVersion(range.highest());
    }
}
