// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodesTest {

    @ParameterizedTest
    @EnumSource(KafkaError.class)
    void knowsEveryErrorOfTheCoreByItsName(KafkaError error) {
        assertThat(ErrorCodes.errors(error).name()).isEqualTo(error.name());
    }

    @Test
    void looksThroughTheWrappersOfStages() {
        var failure = new CompletionException(new NotLeaderOrFollowerException("moved"));

        assertThat(ErrorCodes.ofFailure(ErrorCodes.cause(failure))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(ErrorCodes.isUnexpected(ErrorCodes.cause(failure))).isFalse();
        assertThat(ErrorCodes.isUnexpected(new IllegalStateException("defect"))).isTrue();
    }
}
