// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Joins the answers to the parts of a request. */
public final class Stages {
    private Stages() {}

    /** Completes with every result, in the order of the stages, or fails when one of them fails. */
    public static <T> CompletionStage<List<T>> inOrder(List<? extends CompletionStage<T>> stages) {
        var futures = stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
