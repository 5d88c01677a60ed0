// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.concurrent.CompletableFuture;

/** A task whose caller waits for a stage. Completions run on the shard's threads. */
abstract class StageTask<T> implements ShardTask {

    private final CompletableFuture<T> done = new CompletableFuture<>();

    final CompletableFuture<T> done() {
        return done;
    }

    @Override
    public final void refuse(StorageException why) {
        done.completeExceptionally(why);
    }
}
