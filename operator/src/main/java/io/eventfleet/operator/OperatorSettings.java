// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the operator process; every one can be given as an environment variable (EVENTFLEET_BROKER_IMAGE, …). */
@ConfigMapping(prefix = "eventfleet")
public interface OperatorSettings {
    /** What brokers run. */
    Broker broker();

    /** The operator itself. */
    Operator operator();

    /** How consumer groups are observed. */
    Group group();

    /** How replicas are moved when brokers come or go. */
    Scaling scaling();

    /** How replicas are moved when brokers come or go. */
    interface Scaling {
        /** Partitions of one cluster whose replicas are moved at the same time. */
        @WithDefault("16")
        int partitionsAtOnce();

        /** Time between two looks at moves that are under way. */
        @WithDefault("5S")
        Duration interval();
    }

    /** What brokers run. */
    interface Broker {
        /** Image of the broker container. */
        @WithDefault("eventfleet/broker:${quarkus.application.version}")
        String image();

        /** Version that is shown in the status of a cluster. */
        @WithDefault("${quarkus.application.version}")
        String version();
    }

    /** The operator itself. */
    interface Operator {
        /** Namespace of the Lease of the active operator. */
        Optional<String> namespace();

        /** Name of this process in the Lease; the host name when absent. */
        Optional<String> identity();

        /** Name of the Lease of the active operator. */
        @WithDefault("eventfleet-operator")
        String leaseName();
    }

    /** How consumer groups are observed. */
    interface Group {
        /** Time between two looks at a group. */
        @WithDefault("5S")
        Duration interval();

        /** Least time between two changes of the lag in a status. */
        @WithDefault("10S")
        Duration lagInterval();

        /** Time that a broker may take to answer. */
        @WithDefault("5S")
        Duration timeout();
    }
}
