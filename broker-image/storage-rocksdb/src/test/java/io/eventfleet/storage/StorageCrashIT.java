// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a process with {@code kill -9} at random points of random operations, again and again on one directory, and
 * compares the reopened store with what was acknowledged. Run with {@code -Dcrash.seed=N} to repeat, with
 * {@code -Dcrash.rounds=N} to go on for longer.
 */
class StorageCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(StorageCrashIT.class);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 8);

    /** A round ends at a random number of acknowledgements, or at the latest after this time on a slow machine. */
    private static final int MAX_ACKS = 4000;

    private static final int MAX_RUN_MS = 3000;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final CrashModel model = new CrashModel();

    @Test
    void keepsEveryAcknowledgedChangeWhenKilledAtRandomPoints() throws Exception {
        LOG.atInfo().addKeyValue("crash.seed", SEED).log("crash test begins");
        for (int round = 1; round <= ROUNDS; round++) {
            var durability = round % 3 == 0 ? Durability.BUFFERED : Durability.SYNCED;
            boolean halts = random.nextInt(3) == 0;
            String hint = "crash.seed=" + SEED + " round=" + round + " durability=" + durability;
            crash(durability, round, halts);
            if (random.nextInt(3) > 0 || round == ROUNDS) {
                compare(hint);
            }
        }
        assertThat(model.appends())
                .as("the test did something, crash.seed=%d", SEED)
                .isGreaterThan(100);
        assertThat(model.truncations()).as("it truncated, crash.seed=%d", SEED).isPositive();
    }

    private void compare(String hint) {
        var store = RocksLogStore.open(
                directory.resolve("data"), CrashChild.options(Durability.SYNCED).build(), (message, cause) -> {
                    throw new AssertionError(hint + ": " + message, cause);
                });
        try (store) {
            model.compare(store, hint);
        }
    }

    /** Runs the child until it is killed or halts itself; everything that it acknowledged before is in the model. */
    private void crash(Durability durability, int round, boolean halts) throws Exception {
        int acks = 1 + random.nextInt(random.nextInt(4) == 0 ? 50 : MAX_ACKS);
        long haltAfterAcks = halts ? acks : 0;
        var child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashChild.class.getName(),
                        directory.resolve("data").toString(),
                        durability.name(),
                        Long.toString(random.nextLong() >>> 8),
                        Integer.toString(round),
                        Long.toString(haltAfterAcks))
                .redirectError(directory.resolve("child-" + round + ".log").toFile())
                .start();
        try {
            var ready = new CountDownLatch(1);
            var heard = new CountDownLatch(acks);
            var listener = Thread.ofPlatform().start(() -> listen(child, ready, heard));
            assertThat(ready.await(30, TimeUnit.SECONDS))
                    .as("the child opened the store")
                    .isTrue();
            if (!halts) {
                heard.await(MAX_RUN_MS, TimeUnit.MILLISECONDS);
            } else {
                child.waitFor(MAX_RUN_MS, TimeUnit.MILLISECONDS);
            }
            child.destroyForcibly().waitFor();
            listener.join();
            assertThat(child.exitValue()).as("killed or halted, see its log").isIn(137, 9);
        } finally {
            child.destroyForcibly();
        }
    }

    private void listen(Process child, CountDownLatch ready, CountDownLatch heard) {
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("R 0")) {
                    ready.countDown();
                } else if (complete(line)) {
                    model.hear(line);
                    heard.countDown();
                }
            }
        } catch (IOException e) {
            LOG.atInfo().setCause(e).log("the child's output ended");
        }
    }

    /** Logback shares the stream; lines of the child begin with one letter. */
    private static boolean complete(String line) {
        return line.matches("[A-Za-z]( -?\\d+)+");
    }
}
