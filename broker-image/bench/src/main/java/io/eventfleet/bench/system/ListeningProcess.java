// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the process that listens on a TCP port of 127.0.0.1, so that a broker is recognised no matter who started it. Others may listen on
 * the same port of other loopback addresses, as the stand-in for Services does. Linux on little-endian machines only.
 */
final class ListeningProcess {
    private static final String LISTEN = "0A";
    // As the kernel prints addresses: 127.0.0.1, any; for IPv6 sockets ::ffff:127.0.0.1, any.
    private static final Set<String> REACHED_BY_LOOPBACK =
            Set.of("0100007F", "00000000", "0000000000000000FFFF00000100007F", "0".repeat(32));
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningProcess() {}

    /**
     * The process that connections to the port of 127.0.0.1 reach; empty if there is none or it belongs to somebody else.
     *
     * @throws IOException if the socket tables cannot be read
     */
    static Optional<BrokerProcess> on(int port) throws IOException {
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc/net", table);
            if (Files.exists(file)) {
                inodes.addAll(inodes(Files.readAllLines(file), port));
            }
        }
        return inodes.isEmpty() ? Optional.empty() : owner(inodes);
    }

    /** Inodes of the sockets that listen on the port, out of the lines of {@code /proc/net/tcp}. */
    static Set<String> inodes(List<String> table, int port) {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        return table.stream()
                .map(line -> line.trim().split(" +", -1))
                .filter(fields -> fields.length > INODE)
                .filter(fields -> fields[STATE].equals(LISTEN) && fields[LOCAL_ADDRESS].endsWith(ending))
                .filter(fields -> REACHED_BY_LOOPBACK.contains(
                        fields[LOCAL_ADDRESS].substring(0, fields[LOCAL_ADDRESS].length() - ending.length())))
                .map(fields -> fields[INODE])
                .collect(Collectors.toSet());
    }

    private static Optional<BrokerProcess> owner(Set<String> inodes) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), inodes))
                .map(process -> new BrokerProcess(process.pid()))
                .findFirst();
    }

    private static boolean holds(long pid, Set<String> inodes) {
        Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (isSocket(link, inodes)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Ended meanwhile, or not ours to look at: then it is not the broker that we started.
            return false;
        }
        return false;
    }

    private static boolean isSocket(Path link, Set<String> inodes) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("socket:[")
                    && inodes.contains(target.substring("socket:[".length(), target.length() - 1));
        } catch (IOException e) {
            return false;
        }
    }
}
