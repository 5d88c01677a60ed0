// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The text form of one broker in the registry: {@code key=value} fields on one line, as in the header of
 * {@link ShardText}. Listeners carry the prefix {@code l.}; unknown fields are kept.
 */
public final class BrokerText {

    private static final String LISTENER = "l.";

    private BrokerText() {}

    /** Writes an entry; the broker id is the key under which the line is stored. */
    public static String encode(BrokerEntry broker) {
        var out = new StringBuilder(256);
        Fields.append(out, "epoch", broker.epoch());
        Fields.append(out, "unfenced", broker.lastUnfencedEpoch());
        Fields.append(out, "state", broker.state());
        Fields.append(out, "incarnation", broker.incarnation());
        Fields.append(out, "pod", broker.podUid());
        var dirs = new StringJoiner(",");
        broker.dirIds().forEach(dir -> dirs.add(dir.toString()));
        Fields.append(out, "dirs", dirs);
        if (broker.volumeId() != null) {
            Fields.append(out, "volume", broker.volumeId());
        }
        Fields.append(out, "internal", broker.internal());
        broker.listeners().forEach((name, endpoint) -> Fields.append(out, LISTENER + name, endpoint));
        if (broker.rack() != null) {
            Fields.append(out, "rack", broker.rack());
        }
        broker.extra().forEach((key, value) -> Fields.append(out, key, value));
        return out.toString();
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static BrokerEntry parse(int id, String text) {
        var fields = Fields.parse(text);
        long epoch = Long.parseLong(fields.take("epoch"));
        long unfenced = Long.parseLong(fields.take("unfenced"));
        var state = BrokerState.valueOf(fields.take("state"));
        var incarnation = UUID.fromString(fields.take("incarnation"));
        String pod = fields.take("pod");
        List<UUID> dirs = new ArrayList<>();
        for (String dir : fields.take("dirs", "").split(",")) {
            if (!dir.isEmpty()) {
                dirs.add(UUID.fromString(dir));
            }
        }
        String volume = fields.take("volume", "");
        var internal = Endpoint.parse(fields.take("internal"));
        var listeners = new TreeMap<String, Endpoint>();
        fields.takePrefixed(LISTENER).forEach((name, endpoint) -> listeners.put(name, Endpoint.parse(endpoint)));
        String rack = fields.take("rack", "");
        return new BrokerEntry(
                id,
                epoch,
                unfenced,
                incarnation,
                pod,
                dirs,
                volume.isEmpty() ? null : volume,
                state,
                internal,
                listeners,
                rack.isEmpty() ? null : rack,
                new TreeMap<>(fields.rest()));
    }
}
