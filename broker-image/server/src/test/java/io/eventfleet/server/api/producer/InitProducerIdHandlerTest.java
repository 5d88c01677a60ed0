// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.producer;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.server.api.ClusterFixture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class InitProducerIdHandlerTest {
    private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    private final InitProducerIdHandler handler = new InitProducerIdHandler(new ProducerIds(cluster));

    @Test
    void givesEveryProducerAnIdOfItsOwn() throws Exception {
        for (long expected = 0; expected < 5; expected++) {
            var response = call(handler, 5, idempotent());

            assertThat(response.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(response.producerId()).isEqualTo(expected);
            assertThat(response.producerEpoch()).isZero();
        }
        assertThat(cluster.asked()).as("blocks of two").hasSize(3);
    }

    @Test
    void offersNoUnstableVersion() {
        assertThat(handler.versions().highest()).isEqualTo((short) 5);
    }

    @Test
    void tellsClientsToTryAgainWhenNoBlockIsToBeHad() throws Exception {
        cluster.failNext(new IllegalStateException("no controller"));

        assertThat(call(handler, 0, idempotent()).errorCode()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(call(handler, 0, idempotent()).errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void hasNoCoordinatorForTransactions() throws Exception {
        assertThat(call(handler, 5, idempotent().setTransactionalId("payments")).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(call(handler, 5, idempotent().setTransactionalId("")).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesAnIdWithoutItsEpoch() throws Exception {
        assertThat(call(handler, 3, idempotent().setProducerId(4)).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    private static InitProducerIdRequestData idempotent() {
        return new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1000);
    }
}
