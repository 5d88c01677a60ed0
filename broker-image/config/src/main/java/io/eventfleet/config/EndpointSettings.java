// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker listens and what it tells others about it.
 *
 * @param listeners where clients connect; at least one
 * @param advertised the address of each listener as clients are told it; same names, same order
 * @param internalListener where other brokers connect
 * @param internalAdvertised the internal address as other brokers are told it
 * @param healthListener where probes and metrics are served over HTTP
 * @param rack the failure domain of the broker, null when there is none
 */
public record EndpointSettings(
        List<Listener> listeners,
        List<Listener> advertised,
        HostPort internalListener,
        HostPort internalAdvertised,
        HostPort healthListener,
        @Nullable String rack) {

    static EndpointSettings of(SettingValues values) {
        var listeners = Listener.parseList(values.text("listeners"));
        var advertised = values.optional("advertised.listeners");
        var internal = HostPort.parse(values.text("eventfleet.internal.listener"));
        var internalAdvertised = values.optional("eventfleet.internal.advertised");
        return new EndpointSettings(
                listeners,
                advertised == null ? listeners : Listener.parseList(advertised),
                internal,
                internalAdvertised == null ? internal : HostPort.parse(internalAdvertised),
                HostPort.parse(values.text("eventfleet.health.listener")),
                values.optional("broker.rack"));
    }
}
