package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.nfacct.Nfacct;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** An empty node's first sync, against one iptables-restore of exactly the same rules. */
@Command(
        name = "cold-start",
        description = {
            "How long the first sync of an empty node takes, from the process's start and from when everything is known,",
            "and how long one whole iptables-restore of the same rules takes right after it."
        })
final class ColdStart implements Callable<Integer> {

    private static final Pattern COUNTER = Pattern.compile("--nfacct-name +(\\S+)");

    private static final Pattern JUMP = Pattern.compile("^-A (\\S+) .*-j (KUBE-S\\S+)$");

    @Mixin
    Setup setup = new Setup();

    @Option(names = "--runs", defaultValue = "3", description = "How many first syncs to measure (default: 3).")
    int runs;

    @Option(names = "--no-whole", description = "Leave the whole iptables-restore out, which takes minutes.")
    boolean noWhole;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A first sync, in milliseconds. */
    private record FirstSync(long all, long known, long write, long rules, ProcessUsage.Times cpu) {
        @Override
        public String toString() {
            return ("start to synced %,6d ms: to everything known %,6d ms, first sync %,6d ms for %,d rules"
                            + "  (processor time: daemon %,d ms, its iptables %,d ms)")
                    .formatted(all, known, write, rules, cpu.own(), cpu.children());
        }
    }

    @Override
    public Integer call() throws Exception {
        spec.commandLine().getOut().println("cold-start: " + setup);
        setup.measure(this::measure);
        return 0;
    }

    private void measure(Setup.Place place) throws Exception {
        var out = spec.commandLine().getOut();
        var syncs = new ArrayList<FirstSync>();
        for (int run = 1; run <= runs; run++) {
            if (run > 1) {
                place.wipe();
            }
            var sync = firstSync(place);
            out.println("run " + run + ": " + sync);
            syncs.add(sync);
        }
        if (!noWhole) {
            compare(place, Collections.min(syncs, Comparator.comparingLong(FirstSync::write)), out);
        }
    }

    private static FirstSync firstSync(Setup.Place place) throws Exception {
        var daemon = place.startDaemon();
        long known = daemon.await(Daemon.KNOWN).time();
        var synced = daemon.await(Daemon.FIRST_SYNC);
        var cpu = ProcessUsage.times(daemon.pid());
        daemon.stop();
        return new FirstSync(
                millis(synced.time() - daemon.started()),
                millis(known - daemon.started()),
                synced.number(2),
                synced.number(1),
                cpu);
    }

    private static void compare(Setup.Place place, FirstSync best, PrintWriter out) throws Exception {
        var rules = place.rules();
        compare("in kube-proxy's order", inOrderOfServices(rules), place, rules, best, out);
        compare("as iptables-save lists them", rules, place, rules, best, out);
    }

    private static void compare(
            String order, List<String> input, Setup.Place place, List<String> rules, FirstSync best, PrintWriter out)
            throws Exception {
        var file = place.tools().resolve("rules");
        Files.write(file, input);
        try (var other = NetworkNamespace.create("whole")) {
            makeCounters(other, rules);
            long whole = restore(other, place, file);
            out.printf(
                    "one iptables-restore of the same %,d lines, %s: %,d ms, %.1f times the best first sync,"
                            + " %.1f times the best start%n",
                    rules.size(), order, whole, (double) whole / best.write(), (double) whole / best.all());
            if (!byChain(rules).equals(byChain(place.rules(other)))) {
                throw new IOException("the two namespaces do not hold the same rules");
            }
        }
    }

    /** The lines of each chain in order; the legacy back end lists chains in the order in which they were made. */
    private static Map<String, List<String>> byChain(List<String> rules) {
        var byChain = new HashMap<String, List<String>>();
        var table = "";
        for (var line : rules) {
            var words = line.split(" ", 3);
            if (line.startsWith("*")) {
                table = line;
            }
            var chain = line.startsWith("-A") ? words[1] : words[0];
            byChain.computeIfAbsent(table + " " + chain, _ -> new ArrayList<>()).add(line);
        }
        return byChain;
    }

    /**
     * The listing with its chains declared by Service, as kube-proxy writes them and as KUBE-SERVICES has the Services;
     * iptables-save sorts them by name.
     */
    private static List<String> inOrderOfServices(List<String> rules) {
        var children = new HashMap<String, LinkedHashSet<String>>();
        for (var line : rules) {
            var jump = JUMP.matcher(line);
            if (jump.find()) {
                children.computeIfAbsent(jump.group(1), _ -> new LinkedHashSet<>())
                        .add(jump.group(2));
            }
        }
        var order = new LinkedHashSet<String>();
        for (var service : children.getOrDefault("KUBE-SERVICES", new LinkedHashSet<>())) {
            order.add(service);
            order.addAll(children.getOrDefault(service, new LinkedHashSet<>()));
        }
        var lines = new ArrayList<String>();
        for (var line : rules) {
            if (!line.startsWith(":KUBE-S") || !order.contains(line.substring(1, line.indexOf(' ')))) {
                lines.add(line);
            }
            if (line.equals("*nat")) {
                order.forEach(name -> lines.add(":" + name + " - [0:0]"));
            }
        }
        return lines;
    }

    /** A rule that counts in a named counter is refused where there is no such counter. */
    private static void makeCounters(NetworkNamespace namespace, List<String> rules) throws IOException {
        for (var line : rules) {
            var counter = COUNTER.matcher(line);
            if (counter.find()) {
                namespace.call(() -> {
                    try (var nfacct = Nfacct.open()) {
                        nfacct.ensure(counter.group(1));
                        return true;
                    }
                });
            }
        }
    }

    private static long restore(NetworkNamespace namespace, Setup.Place place, Path file) throws Exception {
        long start = System.nanoTime();
        var process = namespace.start(
                new ProcessBuilder(place.tools().resolve("iptables-restore").toString(), "--noflush")
                        .redirectInput(file.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT));
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("iptables-restore ended with " + status);
        }
        return millis(System.nanoTime() - start);
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
