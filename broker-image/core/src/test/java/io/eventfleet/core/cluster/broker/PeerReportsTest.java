// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a broker reports of those with whom it replicates (E2b). */
class PeerReportsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Set<Integer> PEERS = Set.of(1, 2);

    private final PeerReports reports = new PeerReports(6 * SECOND);
    private long now = 100 * SECOND;

    private SortedSet<Integer> reportEachSecond(int seconds) {
        SortedSet<Integer> silent = reports.silent(now, PEERS);
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            silent = reports.silent(now, PEERS);
        }
        return silent;
    }

    @Test
    void whoSaysNothingForSixSecondsIsSilent() {
        reportEachSecond(1);
        reports.heard(new TreeMap<>(Map.of(1, now, 2, now)));
        assertThat(reportEachSecond(5)).isEmpty();

        reports.heard(new TreeMap<>(Map.of(1, now, 2, now - 5 * SECOND)));

        assertThat(reportEachSecond(1)).containsExactly(2);
    }

    @Test
    void onlyWhoWasEverHeardIsKnown() {
        reports.heard(new TreeMap<>(Map.of(2, now, 3, now)));

        assertThat(reports.known(PEERS)).containsExactly(2);
    }

    @Test
    void timeInWhichThisProcessStoodStillIsNobodysSilence() {
        reports.heard(new TreeMap<>(Map.of(1, now, 2, now)));
        reportEachSecond(1);

        now += 20 * SECOND;

        assertThat(reportEachSecond(5)).isEmpty();
        assertThat(reportEachSecond(1)).containsExactly(1, 2);
    }
}
