// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When an append counts as durable. Killing a process does not tell: the operating system keeps what was not synced, so
 * the syncs themselves are counted.
 */
class AcknowledgementIT {

    private static final int APPENDS = 20;

    @TempDir
    Path directory;

    @Test
    void syncsEveryAppendBeforeItCountsWhenSynced() {
        try (var store = TestStore.in(directory, TestStore.options().durability(Durability.SYNCED))) {
            for (int i = 0; i < APPENDS; i++) {
                assertThat(syncsBetweenWrittenAndDurable(store)).isPositive();
            }
        }
    }

    @Test
    void waitsForNoSyncWhenBuffered() {
        try (var store = TestStore.in(directory, TestStore.options().durability(Durability.BUFFERED))) {
            for (int i = 0; i < APPENDS; i++) {
                assertThat(syncsBetweenWrittenAndDurable(store)).isZero();
            }
        }
    }

    /** Appends one batch to an idle store: no other append's sync can be mistaken for its own. */
    private static long syncsBetweenWrittenAndDurable(TestStore store) {
        var log = store.open(id(1, 0));
        if (log.leaderEpoch() < 0) {
            await(log.becomeLeader(0));
        }
        await(store.store().sync());
        var syncs = new CompletableFuture<Long>();
        var buffer = CountedBuffer.direct(Batches.records(1, 100));
        var request = new AppendRequest(0, AppendRequest.Origin.CLIENT, buffer, Batches.NOW_MS, false);
        log.append(request, new AppendListener() {
            private long whenWritten;

            @Override
            public void onWritten(Appended appended) {
                whenWritten = store.store().stats().syncs().count();
            }

            @Override
            public void onDurable(Appended appended) {
                syncs.complete(store.store().stats().syncs().count() - whenWritten);
            }

            @Override
            public void onRejected(Rejected rejected) {
                syncs.completeExceptionally(new AssertionError(rejected.toString()));
            }
        });
        buffer.release();
        return await(syncs);
    }
}
