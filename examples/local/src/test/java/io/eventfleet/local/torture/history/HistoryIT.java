// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.Event.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryIT {
    private static final Key KEY = new Key("topic", 1);

    @TempDir
    Path folder;

    @Test
    void givesBackWhatWasWritten() throws Exception {
        Path file = folder.resolve("history.jsonl");
        List<Event> all = List.of(
                new Event.Send(1, 2, 3, 4, KEY, 5, Outcome.INFO, -1, "TimeoutException"),
                new Event.Poll(3, 7, Mode.SUBSCRIBE, KEY, List.of(new Entry(0, 5, 2))),
                new Event.Watermark(4, 0, KEY, 1),
                new Event.Fault(5, 6, "kill-broker", "broker 1"),
                new Event.Replica(KEY, 2, List.of(new Entry(0, 5, 2))));
        try (History history = History.create(file)) {
            all.forEach(history::add);
            assertThat(history.events()).isEqualTo(all);
        }

        assertThat(History.load(file)).isEqualTo(all);
        assertThat(Files.readAllLines(file)).hasSize(all.size()).allMatch(line -> line.startsWith("{\"event\":"));
    }

    @Test
    void leavesOutALineThatWasCutOff() throws Exception {
        Path file = folder.resolve("history.jsonl");
        try (History history = History.create(file)) {
            history.add(new Event.Watermark(4, 0, KEY, 1));
        }
        Files.writeString(file, "{\"event\":\"wat", StandardOpenOption.APPEND);

        assertThat(History.load(file)).containsExactly(new Event.Watermark(4, 0, KEY, 1));
    }

    @Test
    void refusesAFileThatIsNoHistory() throws Exception {
        Path file = Files.writeString(folder.resolve("history.jsonl"), "hello\nworld\n");

        assertThatThrownBy(() -> History.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }
}
