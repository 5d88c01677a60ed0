// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import static io.eventfleet.core.log.BatchBuilder.NOW_MS;
import static io.eventfleet.core.log.BatchBuilder.batch;
import static io.eventfleet.core.log.BatchBuilder.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.BatchValidator.Result;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchValidatorTest {

    private static final BatchLimits LIMITS = new BatchLimits(10_000, 1000, 500, false);

    private static KafkaError error(ByteBuffer bytes) {
        return error(bytes, LIMITS);
    }

    private static KafkaError error(ByteBuffer bytes, BatchLimits limits) {
        return BatchValidator.validateProduced(bytes, limits, NOW_MS) instanceof Result.Invalid invalid
                ? invalid.error()
                : KafkaError.NONE;
    }

    @Test
    void acceptsAGoodBatchAndSaysWhatIsInIt() {
        assertThat(BatchValidator.validateProduced(batch(3).build(), LIMITS, NOW_MS))
                .isEqualTo(new Result.Valid(1, 3, NOW_MS + 2));
        assertThat(error(batch(1).producer(5, 0, 0).build())).isEqualTo(KafkaError.NONE);
    }

    @Test
    void refusesAnythingCutOff() {
        var good = batch(2).build();
        for (int size = 0; size < good.limit(); size++) {
            assertThat(error(good.duplicate().limit(size)))
                    .as("%d of %d bytes", size, good.limit())
                    .isIn(KafkaError.CORRUPT_MESSAGE, KafkaError.INVALID_RECORD);
        }
    }

    @Test
    void refusesAFlippedBitAnywhereInTheChecksummedPart() {
        var good = batch(2).build();
        for (int at = 17; at < good.limit(); at++) {
            var bad = ByteBuffer.allocate(good.limit()).put(good.duplicate()).flip();
            bad.put(at, (byte) (bad.get(at) ^ 0x10));
            assertThat(error(bad)).as("byte %d", at).isEqualTo(KafkaError.CORRUPT_MESSAGE);
        }
    }

    @Test
    void survivesGarbage() {
        var random = new Random(4);
        for (int i = 0; i < 5000; i++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(error(ByteBuffer.wrap(bytes))).isNotEqualTo(KafkaError.NONE);
        }
    }

    @Test
    void survivesGarbageWithAGoodChecksum() {
        var random = new Random(5);
        for (int i = 0; i < 5000; i++) {
            var bytes = batch(1 + random.nextInt(3)).build();
            for (int j = 0; j < 3; j++) {
                bytes.put(21 + random.nextInt(bytes.limit() - 21), (byte) random.nextInt());
            }
            sealed(bytes);
            assertThat(BatchValidator.validateProduced(bytes, LIMITS, NOW_MS)).isNotNull();
        }
    }

    @Test
    void refusesOldAndUnknownFormats() {
        assertThat(error(batch(1).magic(0).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).magic(1).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).magic(3).build())).isEqualTo(KafkaError.CORRUPT_MESSAGE);
    }

    @Test
    void refusesABatchOverTheSizeLimit() {
        assertThat(error(batch(1).valueBytes(10_000).build())).isEqualTo(KafkaError.MESSAGE_TOO_LARGE);
    }

    @Test
    void refusesWrongCounts() {
        assertThat(error(batch(0).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(sealed(batch(3).build().putInt(57, 2)))).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(sealed(batch(3).build().putInt(23, 1).putInt(57, 2)))).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(sealed(batch(3).build().putInt(23, 8).putInt(57, 9)))).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(sealed(batch(3).build().putInt(23, -5).putInt(57, -4))))
                .isEqualTo(KafkaError.INVALID_RECORD);
    }

    @Test
    void refusesWhatOnlyBrokersMayWrite() {
        assertThat(error(batch(1).attributes(0x20).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).baseOffset(5).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).attributes(0x10).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).attributes(0x07).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).producer(5, 0, -1).build())).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(error(batch(1).producer(5, -1, 0).build())).isEqualTo(KafkaError.INVALID_RECORD);
    }

    @Test
    void refusesSeveralBatchesFromAClientButNotFromACoordinator() {
        var one = batch(2).build();
        var two = ByteBuffer.allocate(2 * one.limit())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertThat(error(two)).isEqualTo(KafkaError.INVALID_RECORD);
        assertThat(BatchValidator.validateInternal(two, LIMITS, NOW_MS)).isEqualTo(new Result.Valid(2, 4, NOW_MS + 1));
    }

    @Test
    void keepsTimestampsWithinBounds() {
        assertThat(error(BatchBuilder.at(NOW_MS + 500).build())).isEqualTo(KafkaError.NONE);
        assertThat(error(BatchBuilder.at(NOW_MS + 501).build())).isEqualTo(KafkaError.INVALID_TIMESTAMP);
        assertThat(error(BatchBuilder.at(NOW_MS - 1000).build())).isEqualTo(KafkaError.NONE);
        assertThat(error(BatchBuilder.at(NOW_MS, NOW_MS - 1001).build())).isEqualTo(KafkaError.INVALID_TIMESTAMP);
        assertThat(error(BatchBuilder.at(-1).build())).isEqualTo(KafkaError.NONE);
        assertThat(error(BatchBuilder.at(1).build(), new BatchLimits(10_000, 0, 0, true)))
                .as("the topic stamps its own time")
                .isEqualTo(KafkaError.NONE);
        assertThat(error(BatchBuilder.at(0).build(), BatchLimits.DEFAULT)).isEqualTo(KafkaError.NONE);
    }

    @Test
    void correctsTheGreatestTimestampOfAnUncompressedBatch() {
        var wrong = sealed(batch(3).build().putLong(35, 17));
        assertThat(error(wrong)).isEqualTo(KafkaError.NONE);
        var header = BatchHeader.at(wrong, 0);
        assertThat(header.maxTimestamp()).isEqualTo(NOW_MS + 2);
        assertThat(header.crc()).isEqualTo(header.computeCrc());
    }
}
