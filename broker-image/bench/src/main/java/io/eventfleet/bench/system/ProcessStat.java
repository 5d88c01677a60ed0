// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.time.Duration;

/**
 * The fields of Linux {@code /proc/<pid>/stat} that are of use here; see proc(5). The kernel reports them in ticks of 1/100 s on every
 * architecture that this project runs on.
 *
 * @param cpu user and system time of all threads so far
 * @param startedAfterBoot time between the boot of the machine and the start of the process
 */
record ProcessStat(Duration cpu, Duration startedAfterBoot) {
    private static final int TICK_MS = 10;
    // Positions after the command name, which may itself hold blanks and parentheses.
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int STARTTIME = 19;

    /**
     * Parses the one line of the file.
     *
     * @throws IllegalArgumentException if it does not look like such a line
     */
    static ProcessStat parse(String line) {
        int endOfName = line.lastIndexOf(')');
        String[] fields = endOfName < 0
                ? new String[0]
                : line.substring(endOfName + 1).trim().split(" +", -1);
        if (fields.length <= STARTTIME) {
            throw new IllegalArgumentException("not a process stat line: " + line);
        }
        return new ProcessStat(
                ticks(Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])),
                ticks(Long.parseLong(fields[STARTTIME])));
    }

    private static Duration ticks(long ticks) {
        return Duration.ofMillis(Math.multiplyExact(ticks, TICK_MS));
    }
}
