// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.eventfleet.config.NetworkLimits;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.server.api.HandlerRegistry;

/** What all client connections of a broker share. */
record ConnectionServices(
        NetworkLimits limits,
        HandlerRegistry handlers,
        RequestReader reader,
        RequestBudget budget,
        ConnectionLimits connections,
        NetworkMetrics metrics,
        WarningGate warnings) {}
