// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.AppendRequest.Origin;
import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.LogState;
import io.eventfleet.core.log.LogState.Decision;
import io.eventfleet.core.log.ProducerStates;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random idempotent producers, decided by our log state and by Kafka's producer state manager: both must agree. */
class ProducerOracleTest {

    private static final long SEED = 7;
    private static final int STEPS = 20_000;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private long end;

    @Test
    void decidesAsKafkaDoes() throws Exception {
        var kafka = manager();
        var ours = new LogState(new LogState.Bounds(0, 0), 0, EpochHistory.EMPTY, ProducerStates::new);
        ours.becomeLeader(0);
        int accepted = 0;
        for (int step = 0; step < STEPS; step++) {
            long producer = random.nextInt(4);
            var bytes = Batches.produced(producer, epoch(step), sequence(ours, producer), 1 + random.nextInt(3));
            String expected = kafka(kafka, bytes);
            String found = ours(ours, bytes);
            assertThat(found).as("step %d of seed %d", step, SEED).isEqualTo(expected);
            accepted += found.startsWith("accepted") ? 1 : 0;
        }
        assertThat(accepted).as("the walk gets somewhere").isGreaterThan(STEPS / 20);
    }

    @Test
    void learnsFromALeaderAndForgetsAsKafkaDoes() throws Exception {
        var log = new LogState(new LogState.Bounds(0, 0), 0, EpochHistory.EMPTY, ProducerStates::new);
        log.becomeFollower(0);
        var batches = new ArrayList<ByteBuffer>();
        for (int step = 0; step < 3000; step++) {
            if (random.nextInt(50) == 0) {
                batches.subList(batches.size() - random.nextInt(Math.min(4, batches.size() + 1)), batches.size())
                        .clear();
                end = batches.isEmpty()
                        ? 0
                        : BatchHeader.at(batches.getLast(), 0).lastOffset() + 1;
                log.truncate(end);
            }
            int count = 1 + random.nextInt(3);
            // Whatever a leader took in the course of time: this log is not to judge it.
            int sequence = random.nextInt(10) == 0 ? Integer.MAX_VALUE - 1 : random.nextInt(1000);
            var bytes = Batches.stored(Batches.produced(random.nextInt(40), step / 800, sequence, count), end, 0);
            batches.add(bytes);
            end += count;
            var request = new AppendRequest(0, Origin.REPLICA, CountedBuffer.heap(bytes), Batches.NOW_MS, false);
            log.apply((Decision.Accepted) log.decide(request, bytes));
            if (step % 100 == 0) {
                compare(log, batches, step);
            }
        }
    }

    /** Kafka's manager, fed with the log as it is; one that lost all it knew is the storage engine's to search. */
    private void compare(LogState log, List<ByteBuffer> batches, int step) throws Exception {
        var kafka = manager();
        for (var bytes : batches) {
            var batch = MemoryRecords.readableRecords(bytes.duplicate())
                    .batches()
                    .iterator()
                    .next();
            var info = kafka.prepareUpdate(batch.producerId(), AppendOrigin.REPLICATION);
            info.append(batch, Optional.empty());
            kafka.update(info);
        }
        for (var entry : log.producers().entries()) {
            var theirs = kafka.activeProducers().get(entry.producerId());
            assertThat(theirs)
                    .as("producer %d at step %d", entry.producerId(), step)
                    .isNotNull();
            assertThat(entry.producerEpoch()).as("step %d", step).isEqualTo(theirs.producerEpoch());
            assertThat(entry.lastOffset()).as("step %d", step).isEqualTo(theirs.lastDataOffset());
            var newest = theirs.batchMetadata().stream()
                    .skip(theirs.batchMetadata().size() - entry.batches().size())
                    .map(b -> b.firstOffset() + " " + b.firstSeq() + " " + b.lastSeq())
                    .toList();
            assertThat(entry.batches())
                    .extracting(b -> b.baseOffset() + " " + b.firstSequence() + " " + b.lastSequence())
                    .as("step %d", step)
                    .isEqualTo(newest);
        }
        assertThat(log.producers().size()).as("step %d", step).isPositive();
    }

    private ProducerStateManager manager() throws Exception {
        return new ProducerStateManager(
                new TopicPartition("t", 0),
                directory.toFile(),
                900_000,
                new ProducerStateManagerConfig(86_400_000, false),
                org.apache.kafka.common.utils.Time.SYSTEM);
    }

    private int epoch(int step) {
        return Math.max(0, step / 2000 + random.nextInt(3) - 1);
    }

    /** Mostly the next one; else near it, so that duplicates and gaps are frequent; now and then at the wrap-around. */
    private int sequence(LogState ours, long producer) {
        var known = ours.producers().get(producer);
        int next = known == null ? 0 : (known.lastSequence() + 1) & Integer.MAX_VALUE;
        return switch (random.nextInt(20)) {
            case 0 -> Integer.MAX_VALUE - random.nextInt(3);
            case 1, 2 -> 0;
            case 3, 4, 5, 6, 7 -> Math.max(0, next - random.nextInt(12));
            case 8 -> (next + 1) & Integer.MAX_VALUE;
            default -> next;
        };
    }

    private String kafka(ProducerStateManager kafka, ByteBuffer bytes) {
        MutableRecordBatch batch = MemoryRecords.readableRecords(bytes.duplicate())
                .batches()
                .iterator()
                .next();
        var known = kafka.activeProducers().get(batch.producerId());
        if (known != null && known.producerEpoch() == batch.producerEpoch()) {
            for (var stored : known.batchMetadata()) {
                if (stored.firstSeq() == batch.baseSequence() && stored.lastSeq() == batch.lastSequence()) {
                    return "duplicate " + stored.firstOffset();
                }
            }
        }
        try {
            batch.setLastOffset(end + batch.lastOffset());
            var info = kafka.prepareUpdate(batch.producerId(), AppendOrigin.CLIENT);
            info.append(batch, Optional.empty());
            kafka.update(info);
            String answer = "accepted " + end;
            end = batch.nextOffset();
            return answer;
        } catch (ApiException e) {
            batch.setLastOffset(batch.lastOffset() - batch.baseOffset());
            return Errors.forException(e).name();
        }
    }

    private static String ours(LogState log, ByteBuffer bytes) {
        var request = new AppendRequest(0, Origin.CLIENT, CountedBuffer.heap(bytes), Batches.NOW_MS, false);
        return switch (log.decide(request, bytes)) {
            case Decision.Accepted a -> {
                log.apply(a);
                yield "accepted " + a.baseOffset();
            }
            case Decision.Duplicate d -> "duplicate " + d.baseOffset();
            case Decision.Rejected r -> KafkaError.valueOf(r.error().name()).name();
        };
    }
}
