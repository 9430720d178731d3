package io.fairlead.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A table as kubectl prints it: columns begin where their headers do.
 *
 * @param headers as printed
 * @param cells by row
 */
record Columns(List<String> headers, List<List<String>> cells) {

    private static final Pattern HEADER = Pattern.compile("\\S+( \\S+)*");

    Columns {
        headers = List.copyOf(headers);
        cells = List.copyOf(cells);
    }

    static Columns of(String text) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return new Columns(List.of(), List.of());
        }
        var headers = new ArrayList<String>();
        var starts = new ArrayList<Integer>();
        var matcher = HEADER.matcher(lines.getFirst());
        while (matcher.find()) {
            headers.add(matcher.group());
            starts.add(matcher.start());
        }
        var rows = lines.subList(1, lines.size()).stream()
                .map(line -> cells(line, starts))
                .toList();
        return new Columns(headers, rows);
    }

    private static List<String> cells(String line, List<Integer> starts) {
        var cells = new ArrayList<String>();
        for (int i = 0; i < starts.size(); i++) {
            int from = Math.min(line.length(), starts.get(i));
            int to = i + 1 < starts.size() ? Math.min(line.length(), starts.get(i + 1)) : line.length();
            cells.add(line.substring(from, to).strip());
        }
        return List.copyOf(cells);
    }

    /** A column's cells; none when there is no such column. */
    List<String> column(String header) {
        int index = headers.indexOf(header);
        return index < 0 ? List.of() : cells.stream().map(row -> row.get(index)).toList();
    }

    /**
     * What another table has differently, a sentence each.
     *
     * @param ignored headers of columns whose cells may differ
     */
    List<String> differences(Columns other, Set<String> ignored) {
        var found = new ArrayList<String>();
        if (!other.headers.equals(headers)) {
            found.add("columns " + other.headers + ", not " + headers);
        }
        if (other.cells.size() != cells.size()) {
            found.add(other.cells.size() + " rows, not " + cells.size());
        }
        for (var header : headers) {
            var wanted = column(header);
            var there = other.column(header);
            if (!ignored.contains(header) && !there.equals(wanted)) {
                found.add(header + " " + there + ", not " + wanted);
            }
        }
        return List.copyOf(found);
    }
}
