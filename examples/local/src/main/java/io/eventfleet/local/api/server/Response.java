// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is sent back: a whole document, or a stream that is written until the client leaves. */
sealed interface Response {
    /** @param warnings texts for the {@code Warning} header */
    record Document(int code, String contentType, byte[] body, List<String> warnings) implements Response {}

    /** A chunked answer. */
    record Stream(String contentType, Writer writer) implements Response {}

    /** Writes the body of a stream; ends when it returns. */
    interface Writer {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    static Response json(int code, JsonNode body) {
        return json(code, body, List.of());
    }

    static Response json(int code, JsonNode body, List<String> warnings) {
        return new Document(code, "application/json", Json.bytes(body), warnings);
    }

    static Response json(int code, byte[] body) {
        return new Document(code, "application/json", body, List.of());
    }

    static Response text(String text) {
        return new Document(200, "text/plain", text.getBytes(StandardCharsets.UTF_8), List.of());
    }
}
