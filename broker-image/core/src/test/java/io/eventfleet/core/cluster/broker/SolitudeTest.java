// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When a broker hears from nobody who could replace it as a leader (S19, B4). */
class SolitudeTest {

    private static final long SECOND = 1_000_000_000L;
    private static final UUID ME = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    private final Solitude solitude = new Solitude(ME);

    private static Envelope from(UUID process, Message message) {
        return new Envelope(1, process, 5, 3, 0, ME, message);
    }

    private static Envelope ack(UUID process, boolean readOnly) {
        return from(process, new Message.HeartbeatAck(readOnly, null));
    }

    @Test
    void aBrokerThatNeverHeardAnybodyHasNothingToLose() {
        assertThat(solitude.judge(100 * SECOND, Long.MIN_VALUE)).isFalse();
    }

    @Test
    void beginsAfterTenSecondsWithoutStoreAndController() {
        solitude.heard(10 * SECOND, ack(OTHER, false));

        assertThat(solitude.judge(19 * SECOND, 5 * SECOND)).isFalse();
        assertThat(solitude.judge(20 * SECOND, 5 * SECOND)).isTrue();
    }

    @Test
    void theStoreAloneKeepsItFromBeginningButDoesNotEndIt() {
        assertThat(solitude.judge(20 * SECOND, 15 * SECOND)).isFalse();
        assertThat(solitude.judge(30 * SECOND, 15 * SECOND)).isTrue();

        assertThat(solitude.judge(31 * SECOND, 31 * SECOND)).isTrue();
    }

    @Test
    void aControllerEndsItEvenIfItCannotWrite() {
        solitude.judge(30 * SECOND, 0);

        solitude.heard(31 * SECOND, ack(OTHER, true));

        assertThat(solitude.judge(31 * SECOND, 0)).isFalse();
    }

    @Test
    void theOwnControllerCountsOnlyWhileItCanWrite() {
        solitude.judge(30 * SECOND, 0);

        solitude.heard(31 * SECOND, ack(ME, true));
        solitude.heard(31 * SECOND, from(ME, new Message.Ping()));
        assertThat(solitude.judge(31 * SECOND, 0)).isTrue();

        solitude.heard(32 * SECOND, ack(ME, false));
        assertThat(solitude.judge(32 * SECOND, 0)).isFalse();
    }
}
