// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The custom resource that tests use. */
final class Definitions {
    static final Path SHIP = Path.of("src/test/resources/ship.yaml").toAbsolutePath();

    private Definitions() {}

    static String ship() {
        try {
            return Files.readString(SHIP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
