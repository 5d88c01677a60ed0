// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
    private static final Key KEY = new Key("t", 0);

    private final List<Event> events = new ArrayList<>();
    private long offset;

    @Test
    void aTimeInWhichNobodyWantsToWriteIsNoOutage() {
        ok(0, 1);
        ok(1_000, 1_001);

        assertThat(longest("none")).isEqualTo(1);
    }

    @Test
    void anOutageLastsFromTheFirstAttemptToTheNextSuccess() {
        ok(0, 1);
        failed(10, 30);
        failed(35, 70);
        ok(71, 90);

        assertThat(longest("none")).isEqualTo(80);
    }

    @Test
    void anAttemptThatBeganBeforeTheLastSuccessWaitsSinceThen() {
        ok(0, 1);
        ok(2, 50);
        ok(10, 20);

        assertThat(longest("none")).isEqualTo(30);
    }

    @Test
    void aPartitionThatNeverComesBackIsAnOutageToTheEnd() {
        ok(0, 1);
        failed(10, 60);
        failed(65, 130);

        assertThat(longest("none")).isEqualTo(120);
    }

    @Test
    void anOutageBelongsToTheFaultsOfItsTime() {
        events.add(new Event.Fault(5, 40, "kill-broker", "0"));
        events.add(new Event.Fault(30, 45, "api-down", ""));
        events.add(new Event.Fault(500, 600, "wipe-volume", "2"));
        ok(0, 1);
        ok(6, 25);
        ok(26, 60);
        ok(100, 103);

        var outages = HistoryChecker.check(events).outages();

        assertThat(outages).containsOnlyKeys("none", "kill-broker", "api-down+kill-broker");
        assertThat(longest("kill-broker")).isEqualTo(19);
        assertThat(longest("api-down+kill-broker")).isEqualTo(34);
        assertThat(longest("none")).isEqualTo(3);
    }

    private void ok(long start, long end) {
        events.add(new Event.Send(start, end, 1, offset, KEY, offset, Outcome.OK, offset, ""));
        offset++;
    }

    private void failed(long start, long end) {
        events.add(new Event.Send(start, end, 1, offset, KEY, -start, Outcome.INFO, -1, "TimeoutException"));
    }

    private long longest(String faults) {
        return HistoryChecker.check(events).outages().get(faults).lengthNs();
    }
}
