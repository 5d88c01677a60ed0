// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import io.eventfleet.local.fleet.PodStarts;
import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.network.BrokerNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Carries a schedule out against a running cluster and notes what was done. One thread. */
public final class Nemesis {
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_MS = 20_000;
    private static final long LONGEST_LATENCY_MS = 300;
    private static final long SLOWEST_API_MS = 3_000;

    private static final int LOOKS = 3;
    private static final long BETWEEN_LOOKS_MS = 1_000;

    private final Victim victim;
    private final BrokerNetwork network;
    private final SickApi api;
    private final History history;
    private final Consumer<String> progress;

    /** @param progress hears one line per period */
    public Nemesis(Victim victim, BrokerNetwork network, SickApi api, History history, Consumer<String> progress) {
        this.victim = victim;
        this.network = network;
        this.api = api;
        this.history = history;
        this.progress = progress;
    }

    /** What was begun, and what is to be done about it at the end of the period. */
    private record Begun(FaultKind kind, String detail, long startNs, Heal heal) {}

    /** Undoes a fault. */
    private interface Heal {
        Heal NOTHING = () -> {};

        void run() throws IOException, InterruptedException;
    }

    private record Deed(String detail, Heal heal) {}

    /** Runs the whole schedule; everything is healed when it returns. */
    public void run(Schedule schedule) throws IOException, InterruptedException {
        for (Schedule.Period period : schedule.periods()) {
            List<Begun> begun = new ArrayList<>();
            try {
                for (PlannedFault fault : disksFirst(period.faults())) {
                    long start = history.now();
                    Deed deed = begin(fault, period.length());
                    begun.add(new Begun(fault.kind(), deed.detail(), start, deed.heal()));
                }
                progress.accept(describe(period, begun));
                TimeUnit.NANOSECONDS.sleep(period.length().toNanos());
            } finally {
                network.heal();
                api.heal();
                for (Begun each : begun) {
                    each.heal().run();
                }
            }
            // What a fault does to clients goes on for a while after its end.
            long end = history.now() + RECOVERY.toNanos();
            begun.forEach(each ->
                    history.add(new Event.Fault(each.startNs(), end, each.kind().title(), each.detail())));
        }
    }

    /** At most one disk, and before anything else is broken: afterwards nobody could tell whether everything is in sync. */
    private static List<PlannedFault> disksFirst(List<PlannedFault> faults) {
        Stream<PlannedFault> disk =
                faults.stream().filter(fault -> fault.kind().losesADisk()).limit(1);
        return Stream.concat(disk, faults.stream().filter(fault -> !fault.kind().losesADisk()))
                .toList();
    }

    private static String describe(Schedule.Period period, List<Begun> begun) {
        String faults = begun.isEmpty()
                ? "no fault"
                : String.join(
                        ", ",
                        begun.stream()
                                .map(each -> each.kind().title()
                                        + (each.detail().isEmpty() ? "" : " (" + each.detail() + ")"))
                                .toList());
        return period.length().toSeconds() + " s: " + faults;
    }

    private Deed begin(PlannedFault fault, Duration length) throws IOException, InterruptedException {
        int broker = fault.choose(victim.ids());
        return switch (fault.kind()) {
            case KILL_BROKER -> kill(broker);
            case KILL_CONTROLLER -> kill(victim.controller());
            case KILL_LEADER -> kill(victim.busiestLeader());
            case KILL_ALL -> {
                victim.ids().forEach(victim::kill);
                yield new Deed("", Heal.NOTHING);
            }
            case PAUSE_BROKER -> pause(broker, fault, length);
            case PAUSE_CONTROLLER -> pause(victim.controller(), fault, length);
            case CUT_PEERS -> {
                int other = fault.chooseAnother(victim.ids());
                network.cut(broker, other);
                network.cut(other, broker);
                yield new Deed(broker + " and " + other, Heal.NOTHING);
            }
            case CUT_ONE_WAY -> {
                int other = fault.chooseAnother(victim.ids());
                network.cut(broker, other);
                yield new Deed(broker + " to " + other, Heal.NOTHING);
            }
            case ISOLATE_BROKER -> {
                victim.ids().stream().filter(other -> other != broker).forEach(other -> {
                    network.cut(broker, other);
                    network.cut(other, broker);
                });
                yield new Deed("broker " + broker, Heal.NOTHING);
            }
            case SLOW_PEERS -> {
                long latency = fault.between(20, LONGEST_LATENCY_MS);
                network.delay(Duration.ofMillis(latency));
                yield new Deed(latency + " ms each way", Heal.NOTHING);
            }
            case CUT_API -> {
                network.cutApi(broker);
                yield new Deed("broker " + broker, Heal.NOTHING);
            }
            case API_DOWN -> {
                api.goDown();
                network.refuseApi();
                yield new Deed("", Heal.NOTHING);
            }
            case API_SLOW -> {
                long delay = fault.between(200, SLOWEST_API_MS);
                api.slowDown(Duration.ofMillis(delay));
                yield new Deed(delay + " ms per request", Heal.NOTHING);
            }
            case API_THROTTLED -> {
                api.throttle();
                yield new Deed("", Heal.NOTHING);
            }
            case API_LOSES_ANSWERS -> {
                api.loseAnswers();
                yield new Deed("", Heal.NOTHING);
            }
            case DELETE_LEASE -> {
                String lease = fault.strength() < 0.5 ? "-controller" : "-broker-" + broker;
                victim.deleteLease(lease);
                yield new Deed(lease.substring(1), Heal.NOTHING);
            }
            case WIPE_VOLUME -> wipe(broker);
            case ROLL_VOLUME_BACK -> rollBack(broker);
        };
    }

    private Deed kill(int broker) {
        victim.kill(broker);
        return new Deed("broker " + broker, Heal.NOTHING);
    }

    private Deed pause(int broker, PlannedFault fault, Duration length) throws IOException, InterruptedException {
        long pid = victim.signal(broker, "STOP");
        if (pid < 0) {
            return new Deed("skipped, broker " + broker + " does not run", Heal.NOTHING);
        }
        long pauseMs = Math.min(length.toMillis(), fault.between(1_000, LONGEST_PAUSE_MS));
        Thread wakeUp = Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(pauseMs);
                Victim.signalProcess(pid, "CONT");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                progress.accept("broker " + broker + " could not be continued: " + e.getMessage());
            }
        });
        return new Deed("broker " + broker + " for " + pauseMs + " ms", wakeUp::join);
    }

    /** An acknowledged record may be on two disks alone, so no disk is lost while another one is not known to have everything. */
    private Deed wipe(int broker) throws InterruptedException {
        if (!isSurelyInSync()) {
            return new Deed("skipped, not everything is in sync", Heal.NOTHING);
        }
        Path volume = victim.volume(broker);
        victim.killAndTouchDisk(broker, () -> PodStarts.empty(volume));
        return new Deed("broker " + broker, Heal.NOTHING);
    }

    /** Looks more than once, because whoever answers may not have heard the latest. */
    private boolean isSurelyInSync() throws InterruptedException {
        for (int look = 1; look < LOOKS; look++) {
            if (!victim.isInSync()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
        }
        return victim.isInSync();
    }

    /** The disk of now comes back at the end of the period, under a broker that has gone on since. */
    private Deed rollBack(int broker) throws InterruptedException {
        if (!isSurelyInSync()) {
            return new Deed("skipped, not everything is in sync", Heal.NOTHING);
        }
        Path volume = victim.volume(broker);
        Path snapshot = volume.resolveSibling(volume.getFileName() + ".snapshot");
        victim.killAndTouchDisk(broker, () -> PodStarts.copy(volume, snapshot));
        return new Deed("broker " + broker, () -> {
            if (isSurelyInSync() && Files.exists(snapshot)) {
                victim.killAndTouchDisk(broker, () -> PodStarts.copy(snapshot, volume));
            }
        });
    }
}
