// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.eventfleet.bench.system.EventfleetSystem.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventfleetSystemIT {
    @TempDir
    Path folder;

    @Test
    void saysWhyTheLauncherFailedAndStopsWhatItMayHaveStarted() throws IOException {
        Path launcher = Files.createFile(
                folder.resolve("eventfleet"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(launcher, """
                #!/bin/sh
                echo "$@" >> %s
                [ "$1" = down ] || { echo "the data folder is locked"; exit 1; }
                """.formatted(folder.resolve("calls")));

        assertThatIOException()
                .isThrownBy(() -> new EventfleetSystem(launcher, Durability.SYNCED).start(folder))
                .withMessageContaining("the data folder is locked");
        assertThat(Files.readAllLines(folder.resolve("calls")))
                .satisfiesExactly(
                        up -> assertThat(up)
                                .startsWith("up --brokers 1 --port ")
                                .contains("--durability Synced"),
                        down -> assertThat(down).startsWith("down "));
    }
}
