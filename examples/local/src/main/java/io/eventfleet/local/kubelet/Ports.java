// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which local port each listener of each pod gets. The pods of one StatefulSet get consecutive ports from the listener's own
 * port on; a second StatefulSet that wants the same gets the next free range. Ranges are remembered in a file, so that
 * clients find a cluster again after a restart. Thread-safe.
 */
final class Ports {
    /** Ports between the ranges of two StatefulSets, and the number of pods that have a port in order. */
    static final int RANGE = 20;

    // Below what systems give to outgoing connections (32768 on Linux): one of those would take the port between now
    // and the bind.
    private static final int FREE_FROM = 15_000;
    private static final int FREE_TO = 20_000;

    private final Path file;
    private final Map<String, Integer> ranges = new TreeMap<>();
    private final Map<String, Integer> ephemeral = new TreeMap<>();

    Ports(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            var saved = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                saved.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
            saved.forEach((owner, base) -> ranges.put((String) owner, Integer.valueOf((String) base)));
        }
    }

    /** The port for one pod's listener. */
    synchronized int published(String owner, String listener, int wanted, int ordinal) {
        String key = owner + "/" + listener;
        Integer base = ranges.get(key);
        if (base == null) {
            base = wanted;
            while (overlaps(base)) {
                base += RANGE;
            }
            ranges.put(key, base);
            save();
        }
        return ordinal < RANGE ? base + ordinal : free(key + "/" + ordinal);
    }

    private boolean overlaps(int base) {
        return ranges.values().stream().anyMatch(other -> Math.abs(other - base) < RANGE);
    }

    /** A port that nobody asked for by number; the same one again while it is free. */
    synchronized int free(String key) {
        Integer known = ephemeral.get(key);
        if (known != null && isFree(known)) {
            return known;
        }
        int start = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
        for (int tried = 0; tried < FREE_TO - FREE_FROM; tried++) {
            int port = FREE_FROM + (start - FREE_FROM + tried) % (FREE_TO - FREE_FROM);
            if (!ephemeral.containsValue(port) && isFree(port)) {
                ephemeral.put(key, port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FREE_FROM + " and " + FREE_TO);
    }

    /** Gives the ranges of a deleted StatefulSet back. */
    synchronized void release(String owner) {
        if (ranges.keySet().removeIf(key -> key.startsWith(owner + "/"))) {
            save();
        }
        ephemeral.keySet().removeIf(key -> key.startsWith(owner + "/"));
    }

    /** The StatefulSets that hold ranges, as namespace/name. */
    synchronized java.util.Set<String> owners() {
        var owners = new java.util.TreeSet<String>();
        ranges.keySet().forEach(key -> owners.add(key.substring(0, key.lastIndexOf('/'))));
        return owners;
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(NodeSettings.POD_ADDRESS, port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void save() {
        var saved = new Properties();
        ranges.forEach((owner, base) -> saved.setProperty(owner, String.valueOf(base)));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (var out = Files.newBufferedWriter(fresh)) {
                saved.store(out, null);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
