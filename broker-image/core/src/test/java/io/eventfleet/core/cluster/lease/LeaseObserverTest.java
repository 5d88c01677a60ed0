// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.Ref;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The echo rule. Times in seconds. */
class LeaseObserverTest {

    private static final Ref LEASE = new Ref(Kind.LEASE, "c-broker-1");
    private final LeaseObserver observer = new LeaseObserver(Duration.ofSeconds(15), true);

    private static long s(double seconds) {
        return (long) (seconds * 1e9);
    }

    private void renewed(double at, int version) {
        var holder = new LeaseHolder(1, "pod", new UUID(0, 1));
        var body = new LeaseDoc(holder, 15_000, 0, version, new Endpoint("b", 1));
        observer.onWatched(s(at), LEASE, Optional.of(new Doc(LEASE, Integer.toString(version), body)));
    }

    private void echoes(double from, double to) {
        for (double at = from; at <= to; at += 2) {
            observer.onEcho(s(at), s(at + 0.1));
        }
    }

    @Test
    void expiresWhenEchoesProveThatNothingCame() {
        observer.onEcho(s(0), s(0.1));
        renewed(1, 1);
        echoes(2, 14);
        assertThat(observer.expired(LEASE)).isFalse();

        echoes(16, 18);

        assertThat(observer.expired(LEASE)).isTrue();
    }

    @Test
    void neverExpiresWithoutAnEcho() {
        observer.onEcho(s(0), s(0.1));
        renewed(1, 1);

        observer.onTime(s(1_000));

        assertThat(observer.expired(LEASE)).isFalse();
    }

    @Test
    void beginsAnewAfterAGapBetweenEchoes() {
        observer.onEcho(s(0), s(0.1));
        renewed(1, 1);

        echoes(60, 74);
        assertThat(observer.expired(LEASE)).isFalse();

        echoes(76, 78);
        assertThat(observer.expired(LEASE)).isTrue();
    }

    @Test
    void aReleasedLeaseIsFreeAtOnce() {
        var released = new LeaseDoc(null, 15_000, 0, 2, null);

        observer.onWatched(s(1), LEASE, Optional.of(new Doc(LEASE, "2", released)));

        assertThat(observer.expired(LEASE)).isTrue();
    }
}
