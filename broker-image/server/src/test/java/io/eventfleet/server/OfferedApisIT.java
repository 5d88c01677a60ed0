// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.server.api.ClusterFixture;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker says that it offers is what the documentation says. */
class OfferedApisIT {
    private static final Path PAGE = Path.of("../../docs/admin-api.md");
    private static final int CORRELATION_ID_BYTES = 4;

    @TempDir
    Path data;

    @Test
    void documentsEveryApiWithItsVersions() throws Exception {
        var cluster = ClusterFixture.ofBrokers(1);
        try (var broker = new OneBroker(data, new OneBroker.Surroundings(1, cluster, cluster, port -> {}), Map.of())) {
            var offered = new TreeMap<Integer, String>();
            for (var api : askVersions(broker)) {
                offered.put(
                        (int) api.apiKey(),
                        "| %d | %s | %d–%d |"
                                .formatted(
                                        api.apiKey(),
                                        ApiKeys.forId(api.apiKey()).name,
                                        api.minVersion(),
                                        api.maxVersion()));
            }

            var documented = Files.readAllLines(PAGE).stream()
                    .filter(line -> line.matches("\\| \\d+ \\|.*"))
                    .toList();

            assertThat(documented)
                    .as("the table must be:%n%s", String.join("\n", offered.values()))
                    .isEqualTo(List.copyOf(offered.values()));
        }
    }

    private static List<ApiVersionsResponseData.ApiVersion> askVersions(OneBroker broker) throws Exception {
        var address = broker.bootstrap().split(":");
        try (var socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            var version = (short) 0;
            var header = new RequestHeader(ApiKeys.API_VERSIONS, version, "docs", 1);
            var headerBytes = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                    .buffer();
            var body = MessageUtil.toByteBufferAccessor(new ApiVersionsRequestData(), version)
                    .buffer();
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(headerBytes.remaining() + body.remaining());
            out.write(headerBytes.array(), headerBytes.arrayOffset(), headerBytes.remaining());
            out.write(body.array(), body.arrayOffset(), body.remaining());
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            var answer = new byte[in.readInt()];
            in.readFully(answer);
            var bytes = ByteBuffer.wrap(answer, CORRELATION_ID_BYTES, answer.length - CORRELATION_ID_BYTES);
            return List.copyOf(new ApiVersionsResponseData(new ByteBufferAccessor(bytes.slice()), version).apiKeys());
        }
    }
}
