// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Virtual time, one source of randomness, and the trace. Single-threaded; the same seed gives the same run. */
public final class World {

    /** One millisecond of virtual time, in nanoseconds. */
    public static final long MS = 1_000_000L;
    /** One second of virtual time, in nanoseconds. */
    public static final long SECOND = 1_000 * MS;

    private static final int TRACE_LINES = 400;

    private final SplittableRandom random;
    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private final Deque<Line> trace = new ArrayDeque<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private long now;
    private long sequence;
    private long hash = 1125899906842597L;
    private long events;

    private record Scheduled(long at, long sequence, Runnable action) implements Comparable<Scheduled> {
        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private record Line(long at, String text) {}

    public World(long seed) {
        random = new SplittableRandom(seed);
    }

    public long now() {
        return now;
    }

    public SplittableRandom random() {
        return random;
    }

    /** Uniform in {@code [low, high)}. */
    public long between(long low, long high) {
        return low + random.nextLong(high - low);
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Runs the action after a delay in nanoseconds. */
    public void after(long delay, Runnable action) {
        queue.add(new Scheduled(now + Math.max(0, delay), sequence++, action));
    }

    /** Runs events until the given time. */
    public void runUntil(long time) {
        while (!queue.isEmpty() && queue.peek().at() <= time) {
            var next = queue.poll();
            now = next.at();
            events++;
            next.action().run();
        }
        now = time;
    }

    /** Adds a line to the trace; its hash identifies the run. */
    public void trace(String line) {
        hash = hash * 31 + now;
        hash = hash * 31 + line.hashCode();
        trace.addLast(new Line(now, line));
        if (trace.size() > TRACE_LINES) {
            trace.removeFirst();
        }
    }

    /** Counts something that a run is meant to meet: what never happens is not tested. */
    public void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    public long traceHash() {
        return hash;
    }

    public long events() {
        return events;
    }

    /** The last lines of the trace. */
    public List<String> traceTail() {
        return trace.stream()
                .map(line -> String.format("%10.3f %s", line.at() / (double) SECOND, line.text()))
                .toList();
    }
}
