// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.PartitionLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * The process that {@link StorageCrashIT} kills: seeded random operations on many partitions for ever. Each line on its
 * standard output says what was acknowledged (capital letter) or is about to be tried (small letter).
 */
final class CrashChild {

    static final int PARTITIONS = 60;
    static final int WORKERS = 3;
    private static final int MAX_IN_FLIGHT = 200;

    private final RocksLogStore store;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final AtomicLong acks = new AtomicLong();
    private final long round;
    private final long haltAfterAcks;

    private CrashChild(RocksLogStore store, long round, long haltAfterAcks) {
        this.store = store;
        this.round = round;
        this.haltAfterAcks = haltAfterAcks;
    }

    static StorageOptions.Builder options(Durability durability) {
        return TestStore.options()
                .durability(durability)
                .shards(2)
                .windowBytes(256 * 1024)
                .indexIntervalBytes(8 * 1024)
                .tailCacheBytes(256 * 1024);
    }

    /** Arguments: directory, durability, seed, round, number of acknowledgements after which to halt (0: never). */
    public static void main(String[] args) {
        var options = options(Durability.valueOf(args[1])).build();
        var store = RocksLogStore.open(Path.of(args[0]), options, (message, cause) -> {
            System.err.println(message + ": " + cause);
            Runtime.getRuntime().halt(3);
        });
        var child = new CrashChild(store, Long.parseLong(args[3]), Long.parseLong(args[4]));
        child.say("R", 0);
        for (int worker = 0; worker < WORKERS; worker++) {
            int first = worker;
            long seed = Long.parseLong(args[2]) * 31 + worker;
            Thread.ofPlatform().start(() -> child.work(first, new Random(seed)));
        }
    }

    private synchronized void say(String what, long... numbers) {
        var line = new StringBuilder(what);
        for (long number : numbers) {
            line.append(' ').append(number);
        }
        try {
            out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (haltAfterAcks > 0 && acks.incrementAndGet() == haltAfterAcks) {
            Runtime.getRuntime().halt(9);
        }
    }

    /** What a worker knows of one of its partitions. */
    private static final class Own {
        private PartitionLog log;
        private int epoch;
        private int sequence;
        private boolean follows;

        /** Where the next batch goes, counting those under way. */
        private long end;

        /** What the log says after something was cut off, or at the beginning. */
        void lookAgain() {
            end = log.logEndOffset();
            sequence = 0;
            for (var producer : log.producers()) {
                sequence = producer.lastSequence() + 1;
            }
        }
    }

    private void work(int worker, Random random) {
        var inFlight = new Semaphore(MAX_IN_FLIGHT);
        var owned = new Own[PARTITIONS];
        long counter = (round * WORKERS + worker) << 32;
        while (true) {
            int partition = random.nextInt(PARTITIONS / WORKERS) * WORKERS + worker;
            Own own = owned[partition];
            if (own == null) {
                own = open(partition);
                owned[partition] = own;
            }
            int dice = random.nextInt(1000);
            if (dice < 945) {
                inFlight.acquireUninterruptibly();
                append(partition, own, ++counter, random, inFlight);
            } else if (dice < 955) {
                lead(partition, own);
            } else if (dice < 965) {
                follow(partition, own);
            } else if (dice < 980) {
                follow(partition, own);
                truncate(partition, own, random);
            } else if (dice < 995) {
                long target = Math.round(own.log.durableEndOffset() * random.nextDouble());
                own.log.checkpointHighWatermark(target);
                own.log.deleteRecordsBefore(target).thenAccept(start -> say("S", partition, start));
            } else if (dice < 997) {
                say("d", partition);
                TestStore.await(store.delete(TestStore.id(1, partition)));
                say("D", partition);
                owned[partition] = null;
            } else {
                long value = ++counter;
                byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
                store.meta().putSync(Map.of("w" + worker, bytes)).thenRun(() -> say("M", worker, value));
            }
        }
    }

    private Own open(int partition) {
        var own = new Own();
        own.log = TestStore.await(store.open(TestStore.id(1, partition)));
        own.epoch = own.log.leaderEpoch();
        own.lookAgain();
        say("o", partition, own.log.logStartOffset(), own.log.logEndOffset());
        lead(partition, own);
        return own;
    }

    private void lead(int partition, Own own) {
        int epoch = ++own.epoch;
        own.follows = false;
        own.log.becomeLeader(epoch).thenRun(() -> say("E", partition, epoch));
    }

    private void follow(int partition, Own own) {
        int epoch = ++own.epoch;
        own.follows = true;
        own.log.becomeFollower(epoch).thenRun(() -> say("E", partition, epoch));
    }

    /** Cuts off a bit, or much, or begins the log anew; appends are under way, and those after it follow at once. */
    private void truncate(int partition, Own own, Random random) {
        if (random.nextInt(8) == 0) {
            long at = Math.max(0, own.end + random.nextInt(100) - 50);
            say("q", partition, at);
            TestStore.await(own.log.restartAt(own.epoch, at));
            say("Q", partition, at);
        } else {
            long reach = random.nextInt(4) == 0 ? own.end - own.log.logStartOffset() : Math.min(own.end, 60);
            long offset = own.end - random.nextLong(reach + 1);
            say("t", partition, offset);
            say("T", partition, TestStore.await(own.log.truncateTo(own.epoch, offset)));
        }
        own.lookAgain();
    }

    private void append(int partition, Own own, long counter, Random random, Semaphore inFlight) {
        int count = 1 + random.nextInt(4);
        var batch = batch(partition, counter, own.sequence, count, random.nextInt(3000));
        var origin = AppendRequest.Origin.CLIENT;
        if (own.follows) {
            origin = AppendRequest.Origin.REPLICA;
            Batches.stored(batch, own.end, own.epoch);
        }
        own.end += count;
        if (idempotent(partition)) {
            own.sequence += count;
        }
        var request = new AppendRequest(own.epoch, origin, CountedBuffer.direct(batch), Batches.NOW_MS, false);
        own.log.append(request, new AppendListener() {
            @Override
            public void onDurable(Appended appended) {
                say("A", partition, appended.baseOffset(), appended.lastOffset(), counter);
                inFlight.release();
            }

            @Override
            public void onRejected(Rejected rejected) {
                say("X", partition, rejected.error().ordinal());
                inFlight.release();
            }
        });
    }

    static boolean idempotent(int partition) {
        return partition % 2 == 0;
    }

    /** A batch that can be recognised: its first record names its counter, the rest of the bytes follow from that. */
    private static ByteBuffer batch(int partition, long counter, int sequence, int count, int bytes) {
        var records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(Batches.NOW_MS + i, content(partition, counter, bytes));
        }
        boolean idempotent = idempotent(partition);
        return MemoryRecords.withRecords(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        0,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        idempotent ? partition : RecordBatch.NO_PRODUCER_ID,
                        idempotent ? 0 : RecordBatch.NO_PRODUCER_EPOCH,
                        idempotent ? sequence : RecordBatch.NO_SEQUENCE,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        false,
                        records)
                .buffer();
    }

    static byte[] content(int partition, long counter, int bytes) {
        var filler = new byte[bytes];
        new Random(counter).nextBytes(filler);
        return ByteBuffer.allocate(12 + bytes)
                .putLong(counter)
                .putInt(partition)
                .put(filler)
                .array();
    }
}
