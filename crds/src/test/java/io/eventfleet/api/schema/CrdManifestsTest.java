// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrdManifestsTest {
    private static final Path COMMITTED = Path.of("manifests");
    private static final long MAX_BYTES = 100_000;

    @TempDir
    Path generated;

    @Test
    void committedManifestsAreWhatTheModelSays() throws IOException {
        // Given
        CrdManifests.generate(generated);
        if (Boolean.getBoolean("updateGolden")) {
            replaceCommitted();
        }

        // Then
        assertThat(names(COMMITTED)).isEqualTo(names(generated)).hasSize(CrdManifests.KINDS.size());
        for (var name : names(generated)) {
            assertThat(COMMITTED.resolve(name))
                    .as("%s: run with -DupdateGolden=true", name)
                    .hasSameTextualContentAs(generated.resolve(name));
        }
    }

    @Test
    void definitionsStayFarBelowTheLimitOfAnAnnotation() throws IOException {
        for (var name : names(COMMITTED)) {
            assertThat(Files.size(COMMITTED.resolve(name))).as(name).isLessThan(MAX_BYTES);
        }
    }

    private void replaceCommitted() throws IOException {
        Files.createDirectories(COMMITTED);
        for (var name : names(COMMITTED)) {
            Files.delete(COMMITTED.resolve(name));
        }
        for (var name : names(generated)) {
            Files.copy(generated.resolve(name), COMMITTED.resolve(name));
        }
    }

    private static java.util.List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
