// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.AppendRequest.Origin;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower meets when the disk or the queue is full: an error after which it may just try again. */
class FollowerLimitsIT {

    @TempDir
    Path directory;

    private static ByteBuffer stored(long baseOffset) {
        return Batches.stored(Batches.records(1, 600), baseOffset, 0);
    }

    @Test
    void waitsForSpaceOnAFullDiskAndMayTruncateMeanwhile() {
        var free = new AtomicLong(1L << 30);
        var options = TestStore.options().diskReserveBytes(1L << 20).freeSpace(_ -> free.get());
        try (var store = TestStore.in(directory, options)) {
            var log = store.follow(id(1, 0), 0);
            store.replicate(log, 0, stored(0)).appended();
            store.replicate(log, 0, stored(1)).appended();
            free.set(1000);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                await(log.truncateTo(0, 1));
                return store.store().stats().held().diskFull();
            });
            assertThat(store.replicate(log, 0, stored(1)).error()).isEqualTo(KafkaError.KAFKA_STORAGE_ERROR);
            assertThat(log.logEndOffset()).isEqualTo(1);
            await(log.restartAt(0, 7));
            await(log.becomeFollower(1));
            free.set(1L << 30);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                store.store().sync().toCompletableFuture().join();
                return !store.store().stats().held().diskFull();
            });
            assertThat(store.replicate(log, 1, stored(7)).error()).isEqualTo(KafkaError.NONE);
            assertThat(store.faults()).isEmpty();
        }
    }

    @Test
    void isRefusedAtAFullQueueWithNothingAppended() {
        try (var store = TestStore.in(directory, TestStore.options().queueBytes(1500))) {
            var log = store.follow(id(1, 0), 0);
            var other = store.lead(id(1, 1), 0);
            var entered = new CompletableFuture<Void>();
            var held = new CompletableFuture<Void>();
            other.append(
                    new AppendRequest(0, Origin.CLIENT, CountedBuffer.direct(Batches.records(1, 1)), 0, false),
                    new AppendListener() {
                        @Override
                        public void onWritten(Appended appended) {
                            entered.complete(null);
                            held.orTimeout(20, TimeUnit.SECONDS).join();
                        }

                        @Override
                        public void onDurable(Appended appended) {}

                        @Override
                        public void onRejected(Rejected rejected) {
                            entered.completeExceptionally(new AssertionError(rejected.toString()));
                        }
                    });
            await(entered);
            var first = store.replicate(log, 0, stored(0));
            var second = store.replicate(log, 0, stored(1));
            var third = store.replicate(log, 0, stored(2));
            assertThat(third.error()).as("at once").isEqualTo(KafkaError.KAFKA_STORAGE_ERROR);
            held.complete(null);
            assertThat(first.error()).isEqualTo(KafkaError.NONE);
            assertThat(second.error()).isEqualTo(KafkaError.NONE);
            assertThat(log.logEndOffset()).isEqualTo(2);
            assertThat(store.replicate(log, 0, stored(2)).error()).as("again").isEqualTo(KafkaError.NONE);
            assertThat(store.store().stats().queue().refused()).isEqualTo(1);
            assertThat(store.referenced()).as("buffers still held").isZero();
        }
    }
}
