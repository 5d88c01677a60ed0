// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    private static final String TYPE = "/configmaps";

    @TempDir
    Path folder;

    @Test
    void findsEverythingAgainAndGoesOnCountingVersions() {
        long version;
        try (var store = open()) {
            store.put(TYPE, object("a", 1));
            store.put(TYPE, object("b", 1));
            store.put(TYPE, object("a", 2));
            store.remove(TYPE, store.find(TYPE, "n", "b").orElseThrow().json());
            version = store.version();
        }
        try (var store = open()) {
            assertThat(store.list(TYPE, "").objects()).hasSize(1);
            assertThat(store.find(TYPE, "n", "a")
                            .orElseThrow()
                            .json()
                            .path("data")
                            .asInt())
                    .isEqualTo(2);
            assertThat(store.version()).isEqualTo(version);
        }
    }

    /** Cuts the journal anywhere, as a kill in the middle of a write does: what was whole before the cut is there, nothing else. */
    @RepeatedTest(50)
    void survivesACutAtAnyByte(RepetitionInfo repetition) throws IOException {
        var random = new Random(repetition.getCurrentRepetition());
        var file = folder.resolve("objects");
        var sizes = new TreeMap<Long, Integer>();
        try (var store = open()) {
            sizes.put(Files.size(file), 0);
            for (int i = 1; i <= 30; i++) {
                store.put(TYPE, object("o" + i, i));
                sizes.put(Files.size(file), i);
            }
        }
        long cut = sizes.firstKey() + random.nextLong(Files.size(file) - sizes.firstKey() + 1);
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(cut);
        }
        try (var store = open()) {
            assertThat(store.list(TYPE, "").objects())
                    .as("seed %d", repetition.getCurrentRepetition())
                    .hasSize(sizes.floorEntry(cut).getValue());
            store.put(TYPE, object("after", 1));
        }
        try (var store = open()) {
            assertThat(store.find(TYPE, "n", "after")).isPresent();
        }
    }

    @Test
    void ignoresADamagedTail() throws IOException {
        try (var store = open()) {
            store.put(TYPE, object("a", 1));
        }
        Files.write(folder.resolve("objects"), new byte[] {0, 0, 0, 9, 1, 2, 3, 4, 5}, StandardOpenOption.APPEND);
        try (var store = open()) {
            assertThat(store.list(TYPE, "").objects()).hasSize(1);
        }
    }

    @Test
    void tellsWatchersWhatChangedAndWhenTheyCameTooLate() throws InterruptedException {
        try (var store = new ObjectStore(null)) {
            long start = store.version();
            store.put(TYPE, object("a", 1));
            store.put(TYPE, object("a", 2));
            store.remove(TYPE, store.find(TYPE, "n", "a").orElseThrow().json());

            List<Change> changes = store.log(TYPE).after(start, 0).orElseThrow();
            assertThat(changes)
                    .extracting(Change::kind)
                    .containsExactly(Change.Kind.ADDED, Change.Kind.MODIFIED, Change.Kind.DELETED);
            assertThat(store.log(TYPE).after(store.version(), 1).orElseThrow()).isEmpty();

            for (int i = 0; i <= ChangeLog.MAX_CHANGES; i++) {
                store.put(TYPE, object("x", i));
            }
            assertThat(store.log(TYPE).after(start, 0)).isEmpty();
        }
    }

    @Test
    void doesNotClaimToKnowChangesFromBeforeItStarted() throws InterruptedException {
        long before;
        try (var store = open()) {
            store.put(TYPE, object("a", 1));
            before = store.version();
            store.put(TYPE, object("a", 2));
        }
        try (var store = open()) {
            assertThat(store.log(TYPE).after(before, 0)).isEmpty();
            assertThat(store.log(TYPE).after(store.version(), 0)).isPresent();
        }
    }

    private ObjectStore open() {
        return new ObjectStore(folder.resolve("objects"));
    }

    private static ObjectNode object(String name, int value) {
        ObjectNode object = Json.object().put("data", value);
        Metadata.of(object).put("name", name).put("namespace", "n");
        return object;
    }
}
