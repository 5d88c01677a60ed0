// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.time.Duration;

/**
 * Timers of Leases, sessions and shutdown.
 *
 * @param controllerLeaseDuration how long the controller Lease is valid
 * @param controllerRenewDeadline time without a renewal after which the controller resigns
 * @param controllerRetry time between two attempts to renew or to acquire
 * @param brokerLease validity and renewal of a broker Lease
 * @param session timeout and interval of heartbeats to the controller
 * @param replicaLagMax time after which a replica that lags is out of sync
 * @param shutdownTimeout time that a controlled shutdown may take
 */
public record CoordinationSettings(
        Duration controllerLeaseDuration,
        Duration controllerRenewDeadline,
        Duration controllerRetry,
        Beat brokerLease,
        Beat session,
        Duration replicaLagMax,
        Duration shutdownTimeout) {

    /**
     * Something that is repeated and missed when it stays away.
     *
     * @param timeout time after which it is missed
     * @param interval time between two repetitions
     */
    public record Beat(Duration timeout, Duration interval) {}

    static CoordinationSettings of(SettingValues values) {
        return new CoordinationSettings(
                values.millis("eventfleet.controller.lease.duration.ms"),
                values.millis("eventfleet.controller.lease.renew.deadline.ms"),
                values.millis("eventfleet.controller.lease.retry.ms"),
                new Beat(
                        values.millis("eventfleet.broker.lease.duration.ms"),
                        values.millis("eventfleet.broker.lease.renew.ms")),
                new Beat(
                        values.millis("eventfleet.broker.session.timeout.ms"),
                        values.millis("eventfleet.broker.heartbeat.ms")),
                values.millis("replica.lag.time.max.ms"),
                values.millis("eventfleet.shutdown.timeout.ms"));
    }
}
