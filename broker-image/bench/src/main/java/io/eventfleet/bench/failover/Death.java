// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import io.eventfleet.bench.result.Metric;
import java.util.List;

/** Who is killed. With three replicas of which two must be in sync, one broker may be away, two may not. */
enum Death {
    LEADER("a leader") {
        @Override
        List<Integer> victims(int controller, int busiestOther) {
            return List.of(busiestOther);
        }
    },
    CONTROLLER("the controller") {
        @Override
        List<Integer> victims(int controller, int busiestOther) {
            return List.of(controller);
        }
    },
    BOTH("both at once") {
        @Override
        List<Integer> victims(int controller, int busiestOther) {
            return List.of(controller, busiestOther);
        }
    };

    private final String who;

    Death(String who) {
        this.who = who;
    }

    /** The figure that is recorded. */
    Metric metric() {
        return Metric.lower(FailoverRun.NAME, "kill -9 of " + who + " until all partitions accept", "s");
    }

    /** @param busiestOther the broker other than the controller that leads the most partitions */
    abstract List<Integer> victims(int controller, int busiestOther);
}
