// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.AppendRequest.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread of a shard that hangs, here in a listener as it otherwise would in a system call. */
class StalledStoreIT {

    @TempDir
    Path directory;

    private TestStore store(Duration stalled, Duration stuck) {
        return TestStore.in(directory, TestStore.options().stallLimits(stalled, stuck));
    }

    private static AppendListener holding(CountDownLatch release, boolean syncer) {
        return new AppendListener() {
            @Override
            public void onWritten(Appended appended) {
                if (!syncer) {
                    hold();
                }
            }

            @Override
            public void onDurable(Appended appended) {
                if (syncer) {
                    hold();
                }
            }

            private void hold() {
                try {
                    assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onRejected(Rejected rejected) {
                throw new AssertionError(rejected.toString());
            }
        };
    }

    private void hang(TestStore store, CountDownLatch release, boolean syncer) {
        var log = store.lead(id(1, 0), 0);
        var buffer = CountedBuffer.direct(Batches.records(1, 10));
        log.append(new AppendRequest(0, Origin.CLIENT, buffer, Batches.NOW_MS, false), holding(release, syncer));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> store.store()
                .stalled());
    }

    @Test
    void saysThatItStallsUntilItGoesOn() {
        var release = new CountDownLatch(1);
        try (var store = store(Duration.ofMillis(600), Duration.ofMinutes(1))) {
            assertThat(store.store().stalled()).isFalse();
            hang(store, release, false);
            assertThat(store.store().stats().held().stalled()).isTrue();
            release.countDown();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !store.store()
                    .stalled());
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void failsWhenItIsStuckAndAcknowledgesNothingAfter() {
        var release = new CountDownLatch(1);
        try (var store = store(Duration.ofMillis(600), Duration.ofMillis(1200))) {
            hang(store, release, true);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !store.faults()
                    .isEmpty());
            assertThat(store.faults())
                    .singleElement()
                    .asString()
                    .contains("syncer")
                    .contains("hangs");
            var log = store.store().get(id(1, 0)).orElseThrow();
            assertThat(store.append(log, 0, Batches.records(1, 10)).error()).isEqualTo(KafkaError.KAFKA_STORAGE_ERROR);
            release.countDown();
        }
    }
}
