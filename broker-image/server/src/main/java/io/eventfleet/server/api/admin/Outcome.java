// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.admin.ClusterAdmin.Result;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.protocol.ErrorCodes;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What became of one part of a request.
 *
 * @param error NONE on success
 * @param message why not, or null
 * @param topicId id of the topic in question, if known
 */
record Outcome(
        Errors error, @Nullable String message, @Nullable UUID topicId) {
    static final Outcome DONE = new Outcome(Errors.NONE, null, null);

    static Outcome refused(Errors error, String message) {
        return new Outcome(error, message, null);
    }

    boolean isDone() {
        return error == Errors.NONE;
    }

    /** Asks for a change; a failure becomes an outcome, so that it does not take the other parts with it. */
    static CompletionStage<Outcome> of(Supplier<CompletionStage<Result>> change) {
        CompletionStage<Result> answer;
        try {
            answer = change.get();
        } catch (RuntimeException e) {
            return java.util.concurrent.CompletableFuture.completedFuture(ofFailure(e));
        }
        return answer.handle((result, failure) -> failure == null ? of(result) : ofFailure(failure));
    }

    /** What the controller says of one partition; nothing at all is a defect. */
    static Outcome of(ReplicaAdmin.@Nullable Outcome outcome) {
        if (outcome == null) {
            return refused(Errors.UNKNOWN_SERVER_ERROR, "The controller gave no answer for this partition.");
        }
        return new Outcome(
                ErrorCodes.errors(outcome.error()), outcome.message().isEmpty() ? null : outcome.message(), null);
    }

    private static Outcome of(Result result) {
        return new Outcome(ErrorCodes.errors(result.error()), result.message(), result.topicId());
    }

    private static Outcome ofFailure(Throwable failure) {
        return refused(
                ErrorCodes.ofFailure(failure),
                String.valueOf(ErrorCodes.cause(failure).getMessage()));
    }
}
