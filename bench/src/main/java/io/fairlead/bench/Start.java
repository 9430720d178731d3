package io.fairlead.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The start of an empty cluster, as a package's launcher does it, and what the daemon holds when it is idle. */
@Command(
        name = "start",
        description = {
            "How long it takes from the launcher's start to the first sync of every family in the kernel, the processor time",
            "up to then, and the resident memory some seconds later; one Node, no Service. bench/run makes a package for it."
        })
final class Start implements Callable<Integer> {

    private static final int SETTLED_SECONDS = 2;

    @Option(names = "--starts", defaultValue = "10", description = "How many starts to measure (default: 10).")
    int starts;

    @Option(
            names = "--idle",
            defaultValue = "12",
            description = "Seconds from the first sync to the reading of memory (default: 12).")
    int idle;

    @Option(names = "--services", defaultValue = "0", description = "How many Services there are (default: 0).")
    int services;

    @Option(names = "--backend", defaultValue = "NFT", description = "nft or legacy (default: nft).")
    Backend backend = Backend.NFT;

    @Option(
            names = "--fairlead",
            paramLabel = "PROGRAM",
            description = "The program to measure (default: that of a package made from this checkout).")
    Optional<Path> fairlead = Setup.defaultProgram();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** One start. */
    private record Figures(double seconds, ProcessUsage.Times cpu, ProcessUsage.Sizes memory, String load) {
        @Override
        public String toString() {
            return "%.2f s to first sync, processor time %d ms and %d ms of its iptables, %s, load average %s"
                    .formatted(seconds, cpu.own(), cpu.children(), memory, load);
        }
    }

    @Override
    public Integer call() throws Exception {
        var setup = new Setup();
        setup.services = services;
        setup.endpoints = 1;
        setup.backend = backend;
        setup.fairlead = fairlead;
        spec.commandLine()
                .getOut()
                .println("start: " + setup + ", " + fairlead.map(Path::toString).orElse("the classes of this JVM"));
        setup.measure(this::measure);
        return 0;
    }

    private void measure(Setup.Place place) throws Exception {
        var out = spec.commandLine().getOut();
        var figures = new ArrayList<Figures>();
        for (int start = 1; start <= starts; start++) {
            place.wipe();
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
            var one = one(place);
            out.println("start " + start + ": " + one);
            figures.add(one);
        }
        summary(out, "to first sync", "s", figures, Figures::seconds);
        summary(out, "processor time", "s", figures, one -> one.cpu().own() / 1e3);
        summary(out, "resident", "MB", figures, one -> one.memory().resident() / 1024.0);
    }

    private Figures one(Setup.Place place) throws Exception {
        var load = Setup.load();
        var daemon = place.startDaemon();
        var synced = daemon.await(Daemon.FAMILIES).match().group(1).equals("dual")
                ? later(daemon.await(Daemon.ANY_FIRST_SYNC), daemon.await(Daemon.ANY_FIRST_SYNC))
                : daemon.await(Daemon.ANY_FIRST_SYNC);
        var cpu = ProcessUsage.times(daemon.pid());
        TimeUnit.SECONDS.sleep(idle);
        var memory = ProcessUsage.sizes(daemon.pid());
        daemon.stop();
        return new Figures((synced.time() - daemon.started()) / 1e9, cpu, memory, load);
    }

    private static Daemon.Found later(Daemon.Found first, Daemon.Found second) {
        return first.time() > second.time() ? first : second;
    }

    private static void summary(
            PrintWriter out, String what, String unit, List<Figures> all, ToDoubleFunction<Figures> value) {
        var sorted = all.stream().mapToDouble(value).sorted().toArray();
        out.printf(
                "%-15s median %.2f %s, best %.2f, worst %.2f (of %d)%n",
                what, sorted[sorted.length / 2], unit, sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
