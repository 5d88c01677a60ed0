// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One producer that sends as fast as it may: idempotent, acks=all, 64 KiB batches, 5 ms linger, all else the client's default.
 *
 * @param topic existing topic
 * @param partitions its partitions, filled in turn so that each broker sees the same batches
 * @param recordBytes size of each value; there are no keys
 * @param compression compression type in Kafka's words
 */
public record ProduceLoad(String topic, int partitions, int recordBytes, String compression) {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int LINGER_MS = 5;
    // A batch's worth of records goes to one partition before the next is taken, as the client's own partitioner does.
    private static final int STICKY_BYTES = BATCH_BYTES;
    private static final int CHECK_CLOCK_EVERY = 1024;

    /**
     * Sends until the volume is reached or the time is over, then waits for all acknowledgements.
     *
     * @throws LoadException if a single record is not acknowledged
     */
    public Transfer run(String bootstrap, long volumeBytes, Duration limit) {
        Payloads payloads = new Payloads(recordBytes);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long sent = 0;
        long wanted = volumeBytes / recordBytes;
        int stickyRecords = Math.max(1, STICKY_BYTES / recordBytes);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings(bootstrap))) {
            producer.partitionsFor(topic); // metadata and connection are not part of the load
            long start = System.nanoTime();
            while (sent < wanted && failure.get() == null) {
                if (sent % CHECK_CLOCK_EVERY == 0 && System.nanoTime() - start > limit.toNanos()) {
                    break;
                }
                int partition = (int) (sent / stickyRecords % partitions);
                producer.send(
                        new ProducerRecord<>(topic, partition, null, payloads.at(sent)), (metadata, exception) -> {
                            if (exception != null) {
                                failure.compareAndSet(null, exception);
                            }
                        });
                sent++;
            }
            producer.flush();
            long elapsed = System.nanoTime() - start;
            Exception cause = failure.get();
            if (cause != null) {
                throw new LoadException("a record was not acknowledged", cause);
            }
            return new Transfer(sent, sent * recordBytes, elapsed);
        }
    }

    private Map<String, Object> settings(String bootstrap) {
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MS,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class);
    }
}
