// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.TopicPartitionId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** A store under test, with the vocabulary that tests speak. */
final class TestStore implements AutoCloseable {

    static final long ALL = Long.MAX_VALUE;

    private final Path directory;
    private final StorageOptions.Builder options;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<CountedBuffer> buffers = new CopyOnWriteArrayList<>();
    private RocksLogStore store;

    private TestStore(Path directory, StorageOptions.Builder options) {
        this.directory = directory;
        this.options = options;
        this.store = start();
    }

    static StorageOptions.Builder options() {
        return StorageOptions.builder(Batches.timestamps())
                .memoryBytes(32L << 20)
                .diskReserveBytes(1L << 20);
    }

    static TestStore in(Path directory, StorageOptions.Builder options) {
        return new TestStore(directory, options);
    }

    static TestStore in(Path directory) {
        return in(directory, options());
    }

    private RocksLogStore start() {
        return RocksLogStore.open(directory, options.build(), (message, cause) -> faults.add(message + ": " + cause));
    }

    void reopen() {
        store.close();
        store = start();
    }

    RocksLogStore store() {
        return store;
    }

    List<String> faults() {
        return faults;
    }

    /** Buffers given to the store that somebody still refers to. */
    long referenced() {
        return buffers.stream().filter(b -> b.references() > 0).count();
    }

    static TopicPartitionId id(int topic, int partition) {
        return new TopicPartitionId(new UUID(7, topic), partition);
    }

    PartitionLog open(TopicPartitionId id) {
        return await(store.open(id));
    }

    PartitionLog lead(TopicPartitionId id, int epoch) {
        var log = open(id);
        await(log.becomeLeader(epoch));
        return log;
    }

    PartitionLog follow(TopicPartitionId id, int epoch) {
        var log = open(id);
        await(log.becomeFollower(epoch));
        return log;
    }

    /** Appends what a leader stored. */
    Outcome replicate(PartitionLog log, int epoch, ByteBuffer batches) {
        return append(log, new Append(epoch, AppendRequest.Origin.REPLICA, Batches.NOW_MS, false), batches);
    }

    /** What became of an append. */
    record Outcome(
            CompletableFuture<AppendListener.Appended> written, CompletableFuture<AppendListener.Appended> durable) {

        AppendListener.Appended appended() {
            return await(durable);
        }

        KafkaError error() {
            try {
                await(durable);
                return KafkaError.NONE;
            } catch (RejectedAppend e) {
                return e.rejected.error();
            }
        }
    }

    /** Carries a rejection through a future. */
    static final class RejectedAppend extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient AppendListener.Rejected rejected;

        RejectedAppend(AppendListener.Rejected rejected) {
            super(rejected.toString());
            this.rejected = rejected;
        }
    }

    Outcome append(PartitionLog log, int epoch, ByteBuffer batches) {
        return append(log, new Append(epoch, AppendRequest.Origin.CLIENT, Batches.NOW_MS, false), batches);
    }

    /** How to append. */
    record Append(int epoch, AppendRequest.Origin origin, long appendTimeMs, boolean stamp) {}

    Outcome append(PartitionLog log, Append how, ByteBuffer batches) {
        var buffer = CountedBuffer.direct(batches);
        buffers.add(buffer);
        var outcome = append(log, how, buffer);
        buffer.release();
        return outcome;
    }

    static Outcome append(PartitionLog log, Append how, CountedBuffer buffer) {
        var outcome = new Outcome(new CompletableFuture<>(), new CompletableFuture<>());
        var request = new AppendRequest(how.epoch(), how.origin(), buffer, how.appendTimeMs(), how.stamp());
        log.append(request, new AppendListener() {
            @Override
            public void onWritten(Appended appended) {
                outcome.written().complete(appended);
            }

            @Override
            public void onDurable(Appended appended) {
                outcome.durable().complete(appended);
            }

            @Override
            public void onRejected(Rejected rejected) {
                outcome.written().completeExceptionally(new RejectedAppend(rejected));
                outcome.durable().completeExceptionally(new RejectedAppend(rejected));
            }
        });
        return outcome;
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything from an offset on, copied; the read's buffers are released. */
    static ByteBuffer read(PartitionLog log, long offset, int maxBytes) {
        var result = log.read(new ReadRequest(offset, ALL, maxBytes, true));
        if (!(result instanceof ReadResult.Batches batches)) {
            throw new IllegalStateException(result.toString());
        }
        var copy = ByteBuffer.allocate(batches.sizeBytes());
        for (var buffer : batches.buffers()) {
            copy.put(buffer.bytes());
            buffer.release();
        }
        return copy.flip();
    }

    /** Base offsets of all batches, read in steps of a size. */
    static List<Long> offsets(PartitionLog log, long from, int maxBytes) {
        var offsets = new ArrayList<Long>();
        long next = from;
        while (next < log.logEndOffset()) {
            for (var batch :
                    MemoryRecords.readableRecords(read(log, next, maxBytes)).batches()) {
                batch.ensureValid();
                offsets.add(batch.baseOffset());
                next = batch.nextOffset();
            }
        }
        return offsets;
    }

    @Override
    public void close() {
        store.close();
    }
}
