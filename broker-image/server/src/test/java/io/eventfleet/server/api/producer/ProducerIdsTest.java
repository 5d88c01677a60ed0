// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {
    private final List<CompletableFuture<ProducerIdBlock>> blocks = new ArrayList<>();
    private final ProducerIds ids = new ProducerIds(admin());

    @Test
    void asksForOneBlockAtATimeAndServesWhoWaits() {
        var first = ids.next().toCompletableFuture();
        var second = ids.next().toCompletableFuture();
        var third = ids.next().toCompletableFuture();
        assertThat(blocks).hasSize(1);

        blocks.get(0).complete(new ProducerIdBlock(10, 2));

        assertThat(first).isCompletedWithValue(10L);
        assertThat(second).isCompletedWithValue(11L);
        assertThat(third).isNotDone();
        assertThat(blocks).hasSize(2);
        blocks.get(1).complete(new ProducerIdBlock(100, 2));
        assertThat(third).isCompletedWithValue(100L);
        assertThat(ids.next().toCompletableFuture()).isCompletedWithValue(101L);
    }

    @Test
    void boundsHowManyWait() {
        for (int i = 0; i < ProducerIds.MAX_WAITING; i++) {
            assertThat(ids.next().toCompletableFuture()).isNotDone();
        }

        assertThat(ids.next().toCompletableFuture())
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(CoordinatorLoadInProgressException.class);
    }

    private ClusterAdmin admin() {
        return (ClusterAdmin) Proxy.newProxyInstance(
                ClusterAdmin.class.getClassLoader(),
                new Class<?>[] {ClusterAdmin.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("allocateProducerIds");
                    var block = new CompletableFuture<ProducerIdBlock>();
                    blocks.add(block);
                    return (CompletionStage<ProducerIdBlock>) block;
                });
    }
}
