// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.resource.PrinterColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a list as {@code kubectl get} does, for machines without {@code kubectl}. */
final class TablePrinter {
    private static final String GAP = "   ";

    private TablePrinter() {}

    static String print(ResourceApi api, String apiVersion, String plural, String namespace) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        var type = api.registry()
                .find(group, apiVersion.substring(slash + 1), plural)
                .orElseThrow(() -> new IllegalArgumentException("no such kind: " + apiVersion + " " + plural));
        List<PrinterColumn> columns =
                type.columns().stream().filter(column -> column.priority() == 0).toList();
        var rows = new ArrayList<List<String>>();
        rows.add(columns.stream()
                .map(column -> column.name().toUpperCase(Locale.ROOT))
                .toList());
        for (var object :
                api.list(new Target(type, namespace, "", ""), Selector.ALL).objects()) {
            rows.add(columns.stream()
                    .map(column -> text(column.cell().apply(object.json())))
                    .toList());
        }
        return layOut(rows);
    }

    private static String text(@org.jspecify.annotations.Nullable Object cell) {
        return cell == null ? "" : String.valueOf(cell);
    }

    static String layOut(List<List<String>> rows) {
        var widths = new int[rows.getFirst().size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
