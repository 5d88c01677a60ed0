// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import io.eventfleet.core.KafkaError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition, by Kafka's rules: an older epoch is refused; within an epoch sequences are
 * gapless (with wrap-around); a new epoch begins at 0; one of the last batches sent again is a duplicate; a producer
 * that the log has never heard of, or has forgotten, may begin at any sequence. Belongs to the partition's writer.
 */
public final class ProducerStates {

    private final Map<Long, ProducerEntry> entries = new HashMap<>();

    /** Takes over what was stored. */
    public static ProducerStates of(Collection<ProducerEntry> stored) {
        var states = new ProducerStates();
        stored.forEach(states::put);
        return states;
    }

    /** What a check found. */
    sealed interface Check {
        /** The batch continues the producer's sequence. */
        record InSequence() implements Check {}

        /** The batch is stored already. */
        record Duplicate(ProducerEntry.ProducedBatch stored) implements Check {}

        /** The batch must not be appended. */
        record Refused(KafkaError error, String message) implements Check {}
    }

    private static final Check IN_SEQUENCE = new Check.InSequence();

    Check check(BatchHeader batch) {
        long producerId = batch.producerId();
        ProducerEntry entry = entry(producerId);
        short epoch = batch.producerEpoch();
        int first = batch.baseSequence();
        int last = ProducerEntry.incrementSequence(first, batch.lastOffsetDelta());
        Optional<ProducerEntry.ProducedBatch> stored = entry.find(epoch, first, last);
        if (stored.isPresent()) {
            return new Check.Duplicate(stored.get());
        }
        if (epoch < entry.producerEpoch()) {
            return new Check.Refused(
                    KafkaError.INVALID_PRODUCER_EPOCH,
                    "epoch " + epoch + " of producer " + producerId + " is older than its current epoch "
                            + entry.producerEpoch());
        }
        if (entry.producerEpoch() == ProducerEntry.NO_EPOCH) {
            return IN_SEQUENCE;
        }
        if (epoch != entry.producerEpoch()) {
            return first == 0 ? IN_SEQUENCE : outOfOrder(producerId, epoch, first, "0 at the start of an epoch");
        }
        int expected = ProducerEntry.incrementSequence(entry.lastSequence(), 1);
        return first == expected ? IN_SEQUENCE : outOfOrder(producerId, epoch, first, String.valueOf(expected));
    }

    private static Check outOfOrder(long producerId, short epoch, int sequence, String expected) {
        return new Check.Refused(
                KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "producer " + producerId + " with epoch " + epoch + " sent sequence " + sequence + " where " + expected
                        + " was expected");
    }

    /** The producer's entry; that of an unknown one is without an epoch. */
    ProducerEntry entry(long producerId) {
        ProducerEntry known = entries.get(producerId);
        return known == null ? ProducerEntry.unknown(producerId) : known;
    }

    /** The entry of a producer, if known. */
    public @Nullable ProducerEntry get(long producerId) {
        return entries.get(producerId);
    }

    void put(ProducerEntry entry) {
        entries.put(entry.producerId(), entry);
    }

    /** Number of producers remembered. */
    public int size() {
        return entries.size();
    }

    /** All entries, in no order. */
    public Collection<ProducerEntry> entries() {
        return List.copyOf(entries.values());
    }

    /**
     * What a truncation did to producers.
     *
     * @param shortened entries that lost their newest batches, as they are now; older ones that these had pushed out are
     *     not brought back: they were acknowledged before the producer could send the pushing one
     * @param emptied former entries that lost all their batches and are not known any more
     */
    public record Truncated(List<ProducerEntry> shortened, List<ProducerEntry> emptied) {}

    /** Forgets batches at and after an offset, which no batch contains. */
    Truncated truncate(long endOffset) {
        var truncated = new Truncated(new ArrayList<>(), new ArrayList<>());
        for (var entry : entries.values()) {
            if (entry.lastOffset() >= endOffset) {
                ProducerEntry left = entry.before(endOffset);
                if (left.batches().isEmpty()) {
                    truncated.emptied().add(entry);
                } else {
                    truncated.shortened().add(left);
                }
            }
        }
        truncated.shortened().forEach(this::put);
        truncated.emptied().forEach(entry -> entries.remove(entry.producerId()));
        return truncated;
    }

    /** Forgets producers that have been silent for this long and returns their ids. */
    public List<Long> expire(long nowMs, long expirationMs) {
        var expired = new ArrayList<Long>();
        for (var entry : entries.values()) {
            if (nowMs - entry.lastTimestampMs() >= expirationMs) {
                expired.add(entry.producerId());
            }
        }
        expired.forEach(entries::remove);
        return expired;
    }
}
