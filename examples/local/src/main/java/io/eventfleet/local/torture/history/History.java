// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.history;

import io.eventfleet.local.api.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects events of many threads into memory and a file of JSON lines. Thread-safe. */
public final class History implements AutoCloseable {
    private final long originNs = System.nanoTime();
    private final List<Event> events = new ArrayList<>();
    private final BufferedWriter file;

    private History(BufferedWriter file) {
        this.file = file;
    }

    /** Begins an empty history; a file of that name is replaced. */
    public static History create(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new History(Files.newBufferedWriter(file));
    }

    /** Reads the history of an earlier run; a last line that was cut off is left out. */
    public static List<Event> load(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Event> events = new ArrayList<>(lines.size());
        for (int line = 0; line < lines.size(); line++) {
            try {
                events.add(Json.MAPPER.readValue(lines.get(line), Event.class));
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                if (line < lines.size() - 1) {
                    throw new IOException(file + " line " + (line + 1) + " is not an event", e);
                }
            }
        }
        return events;
    }

    /** Nanoseconds since the history began. */
    public long now() {
        return System.nanoTime() - originNs;
    }

    /** Adds what happened. */
    public synchronized void add(Event event) {
        events.add(event);
        try {
            file.write(Json.MAPPER.writerFor(Event.class).writeValueAsString(event));
            file.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException("history not written", e);
        }
    }

    /** Everything so far, in the order in which it was added. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
