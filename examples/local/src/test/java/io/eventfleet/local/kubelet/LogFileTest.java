// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void startsANewFileWhenTheOldOneIsFull() throws IOException {
        var log = new LogFile(folder.resolve("p.log"));

        log.drain(new ByteArrayInputStream(new byte[(int) LogFile.MAX_BYTES + 1]));
        log.drain(new ByteArrayInputStream("one\ntwo\nthree\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(Files.size(folder.resolve("p.log.1"))).isEqualTo(LogFile.MAX_BYTES + 1);
        assertThat(LogFile.tail(folder.resolve("p.log"), 2)).containsExactly("two", "three");
        assertThat(LogFile.tail(folder.resolve("none.log"), 2)).isEmpty();
    }
}
