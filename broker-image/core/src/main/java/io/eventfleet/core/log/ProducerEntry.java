// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the log knows of one idempotent producer: its epoch and its last batches, newest last. Immutable.
 *
 * @param producerId the id
 * @param producerEpoch the epoch, or -1 while unknown
 * @param batches at most {@link #MAX_BATCHES}, all of this epoch
 * @param lastTimestampMs when it last appended: append time in ms, which expiry counts from
 */
public record ProducerEntry(long producerId, short producerEpoch, List<ProducedBatch> batches, long lastTimestampMs) {

    /** How many batches a producer may have in flight and retry in any order, as in Kafka. */
    public static final int MAX_BATCHES = 5;

    /** The epoch of a producer that is not known. */
    public static final short NO_EPOCH = -1;

    /** The sequence of a batch that has none. */
    public static final int NO_SEQUENCE = -1;

    public ProducerEntry {
        batches = List.copyOf(batches);
    }

    /**
     * One appended batch.
     *
     * @param baseOffset offset of its first record
     * @param lastOffset offset of its last record
     * @param lastSequence sequence of its last record
     */
    public record ProducedBatch(long baseOffset, long lastOffset, int lastSequence) {

        static ProducedBatch of(BatchHeader batch, long baseOffset) {
            return new ProducedBatch(
                    baseOffset,
                    baseOffset + batch.lastOffsetDelta(),
                    incrementSequence(batch.baseSequence(), batch.lastOffsetDelta()));
        }

        /** Sequence of its first record, counted back with wrap-around. */
        public int firstSequence() {
            return ProducerEntry.decrementSequence(lastSequence, (int) (lastOffset - baseOffset));
        }
    }

    static ProducerEntry unknown(long producerId) {
        return new ProducerEntry(producerId, NO_EPOCH, List.of(), -1);
    }

    /** The sequence of the last record, or -1. */
    public int lastSequence() {
        return batches.isEmpty() ? NO_SEQUENCE : batches.getLast().lastSequence();
    }

    /** The offset of the last record, or -1. */
    public long lastOffset() {
        return batches.isEmpty() ? -1 : batches.getLast().lastOffset();
    }

    Optional<ProducedBatch> find(short epoch, int firstSequence, int lastSequence) {
        if (epoch != producerEpoch) {
            return Optional.empty();
        }
        return batches.stream()
                .filter(b -> b.firstSequence() == firstSequence && b.lastSequence() == lastSequence)
                .findFirst();
    }

    /** The entry after one more batch. */
    ProducerEntry after(BatchHeader batch, long baseOffset, long appendTimeMs) {
        return with(batch.producerEpoch(), ProducedBatch.of(batch, baseOffset), appendTimeMs);
    }

    /** The entry with those batches only that end before an offset. */
    ProducerEntry before(long endOffset) {
        var kept = batches.stream().filter(b -> b.lastOffset() < endOffset).toList();
        return new ProducerEntry(producerId, producerEpoch, kept, lastTimestampMs);
    }

    /** Whether the log may hold older batches of the producer than the entry: not when it began with the oldest one. */
    public boolean mayHaveOlderBatches() {
        return producerEpoch > 0 || batches.isEmpty() || batches.getFirst().firstSequence() > 0;
    }

    /** The entry of the same producer when this batch, as it is in the log, is the only one remembered. */
    public ProducerEntry knownBy(BatchHeader batch) {
        var only = ProducedBatch.of(batch, batch.baseOffset());
        return new ProducerEntry(producerId, batch.producerEpoch(), List.of(only), lastTimestampMs);
    }

    private ProducerEntry with(short epoch, ProducedBatch batch, long timestampMs) {
        var kept = new ArrayList<ProducedBatch>(MAX_BATCHES);
        if (epoch == producerEpoch) {
            kept.addAll(batches.size() < MAX_BATCHES ? batches : batches.subList(1, batches.size()));
        }
        kept.add(batch);
        return new ProducerEntry(producerId, epoch, kept, timestampMs);
    }

    static int incrementSequence(int sequence, int increment) {
        return (int) ((sequence + (long) increment) & Integer.MAX_VALUE);
    }

    static int decrementSequence(int sequence, int decrement) {
        return (int) ((sequence - (long) decrement) & Integer.MAX_VALUE);
    }
}
