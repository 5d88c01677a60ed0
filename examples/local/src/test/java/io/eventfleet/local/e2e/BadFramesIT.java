// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is not even a request: the connection ends, nothing else does, and nothing is left behind. */
@ExtendWith(SharedFleet.class)
class BadFramesIT {
    private static final int FRAME_LIMIT_BYTES = 100 * 1024 * 1024;
    private static final int CONNECTIONS = 50;

    private final Fleet fleet;
    private Node broker;

    BadFramesIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @BeforeEach
    void chooseABroker() throws Exception {
        broker = fleet.nodes().getFirst();
    }

    @AfterEach
    void theBrokerStillServes() throws Exception {
        try (RawConnection connection = RawConnection.to(broker)) {
            var answer = connection.call(
                    ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData(), new ApiVersionsResponseData());
            assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
        }
        String topic = "serves-" + UUID.randomUUID();
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of(), List.of("still here"));
        assertThat(fleet.clients().values(topic, 1)).containsExactly("still here");
    }

    @Test
    void closesAConnectionThatSpeaksAnotherProtocol() throws Exception {
        assertClosedAfter("GET / HTTP/1.1\r\nHost: broker\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void closesAConnectionWithANegativeLength() throws Exception {
        assertClosedAfter(ByteBuffer.allocate(4).putInt(-1).array());
    }

    @Test
    void closesAConnectionWithAFrameOverTheLimitBeforeItArrives() throws Exception {
        assertClosedAfter(ByteBuffer.allocate(4).putInt(FRAME_LIMIT_BYTES + 1).array());
    }

    @Test
    void closesAConnectionWithAnUnknownRequest() throws Exception {
        assertClosedAfter(ByteBuffer.allocate(18)
                .putInt(14)
                .putShort((short) 32_000)
                .putShort((short) 0)
                .putInt(7)
                .putShort((short) -1)
                .putInt(0)
                .array());
    }

    @Test
    void closesAConnectionWithARequestThatDoesNotParse() throws Exception {
        try (RawConnection connection = RawConnection.to(broker)) {
            ByteBuffer frame = connection.frame(ApiKeys.METADATA, (short) 12, new MetadataRequestData());
            byte[] body = new byte[frame.remaining()];
            frame.get(body);
            body[body.length - 5] = (byte) 0xff; // the topic list now claims to be longer than the frame
            connection.sendFrame(ByteBuffer.wrap(body));

            assertThat(connection.isClosedByBroker()).isTrue();
        }
    }

    @Test
    void survivesRandomFrames() throws Exception {
        Random random = new Random(20_261_122);
        for (int round = 0; round < CONNECTIONS; round++) {
            byte[] noise = new byte[random.nextInt(1, 2_000)];
            random.nextBytes(noise);
            try (RawConnection connection = RawConnection.to(broker)) {
                connection.sendFrame(ByteBuffer.wrap(noise));
            }
        }
        assertThat(fleet.brokerIsAlive(broker.id())).isTrue();
    }

    @Test
    void answersANewerApiVersionsWithTheOldestForm() throws Exception {
        try (RawConnection connection = RawConnection.to(broker)) {
            connection.sendFrame(ByteBuffer.allocate(11)
                    .putShort(ApiKeys.API_VERSIONS.id)
                    .putShort((short) 99)
                    .putInt(5)
                    .putShort((short) -1)
                    .put((byte) 0) // no tagged fields; what follows in version 99 nobody knows
                    .flip());
            ByteBuffer answer = ByteBuffer.wrap(connection.readFrame());

            assertThat(answer.getInt()).isEqualTo(5);
            assertThat(answer.getShort()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        }
    }

    @Test
    void keepsNothingOfConnectionsThatEndInTheMiddleOfAFrame() throws Exception {
        long before = fleet.brokerOpenFiles(broker.id());
        for (int round = 0; round < CONNECTIONS; round++) {
            try (RawConnection connection = RawConnection.to(broker)) {
                connection.send(ByteBuffer.allocate(1_004).putInt(1 << 20).array());
            }
        }
        fleet.eventually(() -> assertThat(fleet.brokerOpenFiles(broker.id())).isLessThan(before + CONNECTIONS / 2));
    }

    private void assertClosedAfter(byte[] bytes) throws Exception {
        try (RawConnection connection = RawConnection.to(broker)) {
            connection.send(bytes);

            assertThat(connection.isClosedByBroker()).isTrue();
        }
    }
}
