package io.fairlead.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How much of the machine a process holds, over time. */
final class Curve {

    /**
     * @param at since the beginning
     * @param resident in kB
     * @param descriptors open file descriptors
     */
    record Point(Duration at, long resident, int threads, int descriptors) {

        static Point of(Duration at, long pid) throws IOException {
            try (var descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
                return new Point(
                        at, ProcessUsage.sizes(pid).resident(), ProcessUsage.threads(pid), (int) descriptors.count());
            }
        }
    }

    private final List<Point> points = new ArrayList<>();

    void add(Point point) {
        points.add(point);
    }

    /** The middle of the resident sizes in a part of the time, in kB. */
    long median(double from, double to) {
        var part = points.subList((int) (points.size() * from), (int) Math.ceil(points.size() * to));
        return part.stream()
                .mapToLong(Point::resident)
                .sorted()
                .skip(part.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    /** The least of each, at the time of the last. */
    static Point lowest(List<Point> points) {
        return points.stream()
                .reduce((a, b) -> new Point(
                        b.at(),
                        Math.min(a.resident(), b.resident()),
                        Math.min(a.threads(), b.threads()),
                        Math.min(a.descriptors(), b.descriptors())))
                .orElseThrow();
    }

    /** At most so many lines, evenly spread. */
    void print(PrintWriter out, int lines) {
        int step = Math.max(1, points.size() / lines);
        for (int i = 0; i < points.size(); i += step) {
            print(out, points.get(i), "");
        }
    }

    static void print(PrintWriter out, Point point, String remark) {
        out.printf(
                "  %4d s  RSS %5.1f MB  %2d threads  %2d descriptors  %s%n",
                point.at().toSeconds(), point.resident() / 1024.0, point.threads(), point.descriptors(), remark);
    }
}
