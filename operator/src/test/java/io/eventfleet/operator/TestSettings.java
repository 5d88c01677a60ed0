// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import java.time.Duration;
import java.util.Optional;

/** The operator's settings with their defaults. */
public final class TestSettings implements OperatorSettings {
    @Override
    public Broker broker() {
        return new Broker() {
            @Override
            public String image() {
                return "eventfleet/broker:1";
            }

            @Override
            public String version() {
                return "1";
            }
        };
    }

    @Override
    public Operator operator() {
        return new Operator() {
            @Override
            public Optional<String> namespace() {
                return Optional.empty();
            }

            @Override
            public Optional<String> identity() {
                return Optional.empty();
            }

            @Override
            public String leaseName() {
                return "eventfleet-operator";
            }
        };
    }

    @Override
    public Scaling scaling() {
        return new Scaling() {
            @Override
            public int partitionsAtOnce() {
                return 2;
            }

            @Override
            public Duration interval() {
                return Duration.ofSeconds(5);
            }
        };
    }

    @Override
    public Group group() {
        return new Group() {
            @Override
            public Duration interval() {
                return Duration.ofSeconds(5);
            }

            @Override
            public Duration lagInterval() {
                return Duration.ofSeconds(10);
            }

            @Override
            public Duration timeout() {
                return Duration.ofSeconds(5);
            }
        };
    }
}
