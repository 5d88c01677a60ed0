// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines for the terminal, each with the seconds since the start. Thread-safe. */
public final class Progress {
    private final PrintWriter out;
    private final long startNs = System.nanoTime();

    public Progress(PrintWriter out) {
        this.out = out;
    }

    /** A step of the work. */
    public void step(String text) {
        plain(String.format(Locale.ROOT, "[%6.1f s] %s", secondsSinceStart(), text));
    }

    /** A line as it is. */
    public void plain(String text) {
        out.println(text);
        out.flush();
    }

    public double secondsSinceStart() {
        return (System.nanoTime() - startNs) / 1e9;
    }
}
