package io.fairlead.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A server's table as text: columns three blanks apart, the last one as long as it is. */
final class TableText {

    private static final int GAP = 3;

    private TableText() {}

    /** @param wide with columns of lower priority */
    static String of(JsonNode table, boolean wide, boolean withNamespace) {
        var rows = new ArrayList<List<String>>();
        rows.add(headers(table, wide, withNamespace));
        for (var row : table.path("rows")) {
            rows.add(cells(table, row, wide, withNamespace));
        }
        return aligned(rows, GAP);
    }

    private static List<String> headers(JsonNode table, boolean wide, boolean withNamespace) {
        var headers = new ArrayList<String>();
        if (withNamespace) {
            headers.add("NAMESPACE");
        }
        for (var column : table.path("columnDefinitions")) {
            if (wide || column.path("priority").asInt() == 0) {
                headers.add(column.path("name").asText().toUpperCase(Locale.ROOT));
            }
        }
        return headers;
    }

    private static List<String> cells(JsonNode table, JsonNode row, boolean wide, boolean withNamespace) {
        var cells = new ArrayList<String>();
        if (withNamespace) {
            cells.add(row.path("object").path("metadata").path("namespace").asText());
        }
        for (int i = 0; i < row.path("cells").size(); i++) {
            if (wide || table.path("columnDefinitions").path(i).path("priority").asInt() == 0) {
                cells.add(row.path("cells").path(i).asText());
            }
        }
        return cells;
    }

    /** @param gap blanks between the longest cell of a column and the next column */
    static String aligned(List<List<String>> rows, int gap) {
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .filter(other -> column < other.size())
                        .mapToInt(other -> other.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i));
                if (i < row.size() - 1) {
                    line.append(" ".repeat(width + gap - row.get(i).length()));
                }
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
