package io.fairlead.proxy.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The process as /proc sees it, under the names every Prometheus client uses. What cannot be read has no sample.
 *
 * <p>Source: proc(5).
 */
final class ProcessCollector implements MultiCollector {

    /** USER_HZ, which the kernel keeps at 100 on all of Java's architectures. */
    private static final double TICKS = 100;

    private static final double PAGE = 4096;

    private final Path proc;

    ProcessCollector(Path proc) {
        this.proc = proc;
    }

    @Override
    public MetricSnapshots collect() {
        var all = new ArrayList<MetricSnapshot>();
        stat(all);
        limits(all);
        network(all);
        return new MetricSnapshots(all);
    }

    /** When the process began, in seconds since the epoch. */
    OptionalDouble startTime() {
        var ticks = stat(19);
        var boot = lines(proc.resolve("stat")).stream()
                .filter(line -> line.startsWith("btime "))
                .mapToDouble(line -> Double.parseDouble(line.substring(6).strip()))
                .findFirst();
        return ticks.isPresent() && boot.isPresent()
                ? OptionalDouble.of(boot.getAsDouble() + ticks.getAsDouble() / TICKS)
                : OptionalDouble.empty();
    }

    private void stat(List<MetricSnapshot> all) {
        var user = stat(11);
        var system = stat(12);
        if (user.isPresent() && system.isPresent()) {
            counter(
                    all,
                    "process_cpu_seconds",
                    "Total user and system CPU time spent in seconds.",
                    (user.getAsDouble() + system.getAsDouble()) / TICKS);
        }
        startTime()
                .ifPresent(time -> gauge(
                        all,
                        "process_start_time_seconds",
                        "Start time of the process since unix epoch in seconds.",
                        time));
        stat(20).ifPresent(bytes -> gauge(all, "process_virtual_memory_bytes", "Virtual memory size in bytes.", bytes));
        stat(21).ifPresent(pages ->
                gauge(all, "process_resident_memory_bytes", "Resident memory size in bytes.", pages * PAGE));
    }

    /** A field of /proc/self/stat, counted from 0 after the name of the program, which may hold anything. */
    private OptionalDouble stat(int field) {
        var text = String.join("", lines(proc.resolve("self/stat")));
        var fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
        return field < fields.length && !fields[field].isEmpty()
                ? OptionalDouble.of(Double.parseDouble(fields[field]))
                : OptionalDouble.empty();
    }

    private void limits(List<MetricSnapshot> all) {
        try (var descriptors = Files.list(proc.resolve("self/fd"))) {
            gauge(all, "process_open_fds", "Number of open file descriptors.", (double) descriptors.count());
        } catch (IOException _) {
            // No permission, no sample.
        }
        for (var line : lines(proc.resolve("self/limits"))) {
            if (line.startsWith("Max open files")) {
                gauge(all, "process_max_fds", "Maximum number of open file descriptors.", limit(line));
            } else if (line.startsWith("Max address space")) {
                gauge(
                        all,
                        "process_virtual_memory_max_bytes",
                        "Maximum amount of virtual memory available in bytes.",
                        limit(line));
            }
        }
    }

    /** The soft limit: the first of the columns after the name. */
    private static double limit(String line) {
        var soft = line.substring(26).strip().split(" ", -1)[0];
        // RLIM_INFINITY, as Go's collector shows it.
        return soft.equals("unlimited") ? 0x1p64 : Double.parseDouble(soft);
    }

    /** /proc/self/net/netstat: a line of names, then one of values, each after "IpExt:". */
    private void network(List<MetricSnapshot> all) {
        var rows = lines(proc.resolve("self/net/netstat")).stream()
                .filter(line -> line.startsWith("IpExt: "))
                .map(line -> List.of(line.split(" ", -1)))
                .toList();
        if (rows.size() == 2 && rows.get(0).size() == rows.get(1).size()) {
            for (int i = 1; i < rows.get(0).size(); i++) {
                double value = Double.parseDouble(rows.get(1).get(i));
                switch (rows.get(0).get(i)) {
                    case "InOctets" ->
                        counter(
                                all,
                                "process_network_receive_bytes",
                                "Number of bytes received by the process over the network.",
                                value);
                    case "OutOctets" ->
                        counter(
                                all,
                                "process_network_transmit_bytes",
                                "Number of bytes sent by the process over the network.",
                                value);
                    default -> {}
                }
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }

    private static void gauge(List<MetricSnapshot> all, String name, String help, double value) {
        all.add(GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build());
    }

    private static void counter(List<MetricSnapshot> all, String name, String help, double value) {
        all.add(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build());
    }
}
