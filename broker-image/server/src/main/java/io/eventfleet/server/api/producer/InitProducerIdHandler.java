// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.producer;

import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * InitProducerId for idempotent producers: a new id with epoch 0, also for a producer that had one before. A
 * transactional id has no coordinator here and is answered so.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData, InitProducerIdResponseData> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_PRODUCER_EPOCH = -1;

    private final ProducerIds ids;

    public InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            RequestContext context, InitProducerIdRequestData request) {
        boolean halfKnown = (request.producerId() == NO_PRODUCER_ID) != (request.producerEpoch() == NO_PRODUCER_EPOCH);
        if (halfKnown || "".equals(request.transactionalId())) {
            return CompletableFuture.completedFuture(refusal(Errors.INVALID_REQUEST));
        }
        if (request.transactionalId() != null) {
            return CompletableFuture.completedFuture(refusal(Errors.COORDINATOR_NOT_AVAILABLE));
        }
        return ids.next()
                .thenApply(
                        id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0))
                .exceptionally(failure -> refusal(ErrorCodes.ofFailure(failure)));
    }

    private static InitProducerIdResponseData refusal(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(NO_PRODUCER_ID)
                .setProducerEpoch(NO_PRODUCER_EPOCH);
    }
}
