// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The present boot of this machine: as long as it lasts, what a killed process had handed to the operating system is
 * still there.
 */
public final class BootIds {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private BootIds() {}

    /** The boot's id, or an id that equals no other where the system does not tell: the cautious answer. */
    public static String current() {
        try {
            return Files.readString(LINUX).trim();
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
    }
}
