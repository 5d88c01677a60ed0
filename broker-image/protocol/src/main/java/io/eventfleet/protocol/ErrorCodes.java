// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.KafkaError;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The core's errors and exceptions as Kafka's numeric codes. */
public final class ErrorCodes {
    private static final Map<KafkaError, Errors> BY_NAME = byName();

    private ErrorCodes() {}

    /** Kafka's constant of the same name. */
    public static Errors errors(KafkaError error) {
        return java.util.Objects.requireNonNull(BY_NAME.get(error));
    }

    /** The code on the wire. */
    public static short code(KafkaError error) {
        return errors(error).code();
    }

    /** The code that a failure of a handler means to the client; UNKNOWN_SERVER_ERROR when Kafka has no word for it. */
    public static Errors ofFailure(Throwable failure) {
        return Errors.forException(cause(failure));
    }

    /** True for a failure that Kafka has no word for: a defect, worth a stack trace in the log. */
    public static boolean isUnexpected(Throwable failure) {
        return ofFailure(failure) == Errors.UNKNOWN_SERVER_ERROR;
    }

    /** The failure itself, without the wrappers of completion stages. */
    public static Throwable cause(Throwable failure) {
        @Nullable Throwable inner = failure.getCause();
        return (failure instanceof CompletionException || failure instanceof ExecutionException) && inner != null
                ? cause(inner)
                : failure;
    }

    private static Map<KafkaError, Errors> byName() {
        var map = new EnumMap<KafkaError, Errors>(KafkaError.class);
        for (var error : KafkaError.values()) {
            map.put(error, Errors.valueOf(error.name()));
        }
        return map;
    }
}
