// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws the results as one Markdown table: a row per metric; per system the median and the spread, and the ratio to the baseline. */
public final class ComparisonTable {
    private static final String MISSING = "-";

    private ComparisonTable() {}

    /** The table, aligned so that it reads well in a terminal too; ends with a line break. */
    public static String of(Results results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(results));
        for (Metric metric : results.metrics()) {
            rows.add(row(results, metric));
        }
        return draw(rows);
    }

    private static List<String> header(Results results) {
        List<String> cells = new ArrayList<>(List.of("suite", "measure", "unit", "better"));
        cells.addAll(results.systems());
        for (String system : others(results)) {
            cells.add(system + " / " + results.baseline());
        }
        return cells;
    }

    private static List<String> row(Results results, Metric metric) {
        List<String> cells = new ArrayList<>(List.of(
                metric.suite(),
                metric.name(),
                metric.unit(),
                metric.better().name().toLowerCase(Locale.ROOT)));
        for (String system : results.systems()) {
            cells.add(results.summary(system, metric)
                    .map(summary -> number(summary.median()) + " ±" + Math.round(summary.spreadPercent() / 2) + "%")
                    .orElse(MISSING));
        }
        for (String system : others(results)) {
            cells.add(results.ratio(system, metric)
                    .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                    .orElse(MISSING));
        }
        return cells;
    }

    private static List<String> others(Results results) {
        return results.systems().subList(1, results.systems().size());
    }

    /** Three significant digits, never in exponent form. */
    static String number(double value) {
        double magnitude = Math.abs(value);
        String format = magnitude >= 100 ? "%,.0f" : magnitude >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String draw(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder table = new StringBuilder(line(rows.getFirst(), widths));
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        table.append(line(rule, widths));
        rows.subList(1, rows.size()).forEach(row -> table.append(line(row, widths)));
        return table.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        List<String> padded = new ArrayList<>();
        for (int column = 0; column < cells.size(); column++) {
            padded.add(String.format(Locale.ROOT, "%-" + widths[column] + "s", cells.get(column)));
        }
        return padded.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
