// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Data that must go from this disk, because durable metadata says so: removed once, tried again after ever longer pauses
 * when it fails, and confirmed until the metadata does not ask any more.
 *
 * @param <K> what names the data
 */
final class Removals<K> {

    private static final int FIRST_PAUSE_BEATS = 2;
    private static final int MAX_PAUSE_BEATS = 64;

    private final SortedSet<K> begun;
    private final SortedSet<K> done;
    private final Map<K, Failed> failed;

    /** A removal to be tried again: after how many heartbeats, and how many are left. */
    private record Failed(int pause, int left) {}

    Removals(Comparator<K> order) {
        begun = new TreeSet<>(order);
        done = new TreeSet<>(order);
        failed = new TreeMap<>(order);
    }

    /** What the metadata names now; what is new is begun, what it does not name any more is forgotten. */
    void onWanted(Collection<K> wanted, Consumer<K> begin) {
        wanted.stream().filter(begun::add).forEach(begin);
        begun.retainAll(wanted);
        failed.keySet().retainAll(wanted);
        done.retainAll(wanted);
    }

    /** The data is still there: another attempt follows, each after a longer pause. */
    void onFailed(K key) {
        if (begun.contains(key)) {
            failed.merge(key, new Failed(FIRST_PAUSE_BEATS, FIRST_PAUSE_BEATS), (before, first) -> {
                int pause = Math.min(MAX_PAUSE_BEATS, before.pause() * 2);
                return new Failed(pause, pause);
            });
        }
    }

    void onDone(K key) {
        failed.remove(key);
        done.add(key);
    }

    /** With every heartbeat: begins what has paused long enough. */
    void onBeat(Consumer<K> begin) {
        failed.replaceAll((key, removal) -> {
            if (removal.left() == 1) {
                begin.accept(key);
            }
            return new Failed(removal.pause(), Math.max(0, removal.left() - 1));
        });
    }

    /** What is gone and still asked for. */
    Set<K> done() {
        return done;
    }
}
