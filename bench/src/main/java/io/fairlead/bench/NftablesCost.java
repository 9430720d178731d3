package io.fairlead.bench;

import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Nftables mode from the routing table to the kernel, against the nft program and kube-proxy's layout. */
@Command(
        name = "nftables",
        description = {
            "What nftables mode costs from the routing table to the kernel, IPv4, in this process: the first load, single",
            "changes, 1,000 changes in one sync, memory, and how long it takes to mend what somebody else has changed. Then the same Services in kube-proxy's layout, through the nft",
            "program: one first load, and changes as kube-proxy makes them (a list call and a transaction each)."
        })
final class NftablesCost implements Callable<Integer> {

    private static final int BURST = 1_000;
    /** What a cluster is compared with, to see that a change does not allocate more in a larger one. */
    private static final int SMALLER = 10;

    @Option(names = "--services", defaultValue = "5000", description = "How many Services (default: 5000).")
    int services;

    @Option(names = "--endpoints", defaultValue = "5", description = "How many endpoints each has (default: 5).")
    int endpoints;

    @Option(names = "--runs", defaultValue = "3", description = "How many first loads to measure (default: 3).")
    int runs;

    @Option(names = "--changes", defaultValue = "1000", description = "How many changes of each kind (default: 1000).")
    int changes;

    @Option(names = "--no-compare", description = "Leave kube-proxy's layout out, which may take very long.")
    boolean noCompare;

    @Option(
            names = "--compare-limit",
            paramLabel = "MINUTES",
            defaultValue = "10",
            description = "How long one nft may take; then it is ended and reported as more than that (default: 10).")
    int compareLimit;

    @Option(
            names = "--compare-changes",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many changes to make in kube-proxy's layout (default: 5).")
    int compareChanges;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        out.printf("nftables: %,d Services × %,d endpoints, load average %s%n", services, endpoints, Setup.load());
        var cluster = new ScaleCluster(services, endpoints);
        memory("cluster known", out);
        for (int run = 1; run < runs; run++) {
            try (var target = new NftablesTarget()) {
                firstLoad(run, target, cluster, out);
            }
        }
        Effort best;
        Percentiles replaced;
        try (var target = new NftablesTarget()) {
            best = firstLoad(runs, target, cluster, out);
            memory("first load done", out);
            replaced = changes(target, cluster, out);
            burst(target, cluster, out);
            Disturber.measure(target, cluster, out);
            memory("all changes done", out);
            target.verify(cluster.table());
        }
        if (services >= SMALLER) {
            allocationInASmallerCluster(out);
        }
        if (!noCompare) {
            compare(cluster, best, replaced, out);
        }
        return 0;
    }

    private static Effort firstLoad(int run, NftablesTarget target, ScaleCluster cluster, PrintWriter out)
            throws Exception {
        var before = ProcessUsage.times(ProcessHandle.current().pid());
        var effort = target.sync(cluster.table(), Set.of(), true);
        var all = ProcessUsage.times(ProcessHandle.current().pid()).minus(before);
        out.printf(
                "first load %d: %s (with compiler and collector: %,d ms user, %,d ms kernel)%n",
                run, effort, all.user(), all.kernel());
        return effort;
    }

    private Percentiles changes(NftablesTarget target, ScaleCluster cluster, PrintWriter out) throws Exception {
        var replacing = new ArrayList<Effort>();
        var adding = new ArrayList<Effort>();
        var removing = new ArrayList<Effort>();
        var creating = new ArrayList<Effort>();
        var deleting = new ArrayList<Effort>();
        for (int i = 0; i < changes; i++) {
            int service = chosen(i, changes);
            int later = services + i;
            replacing.add(change(target, cluster, cluster.replaceEndpoint(service, i / services)));
            adding.add(change(target, cluster, cluster.addEndpoint(service)));
            removing.add(change(target, cluster, cluster.removeEndpoint(service)));
            creating.add(change(target, cluster, cluster.addService(later)));
            deleting.add(change(target, cluster, cluster.deleteService(later)));
        }
        print("endpoint replaced", replacing, out);
        print("endpoint added", adding, out);
        print("endpoint removed", removing, out);
        print("Service added", creating, out);
        print("Service deleted", deleting, out);
        return walls(replacing);
    }

    private static Effort change(NftablesTarget target, ScaleCluster cluster, Set<NamespacedName> changed)
            throws Exception {
        return target.sync(cluster.table(), changed, false);
    }

    private static void print(String what, List<Effort> efforts, PrintWriter out) {
        out.printf(
                "%-18s %s, each %,.2f ms of processor time and %,.1f kB allocated%n",
                what, walls(efforts), processorMillis(efforts), kilobytes(efforts));
    }

    private static Percentiles walls(Collection<Effort> efforts) {
        return Percentiles.of(efforts.stream().map(Effort::wall).toList());
    }

    private static double processorMillis(Collection<Effort> efforts) {
        return median(efforts.stream().mapToLong(Effort::processor)) / 1e6;
    }

    private static double kilobytes(Collection<Effort> efforts) {
        return median(efforts.stream().mapToLong(Effort::allocated)) / 1024.0;
    }

    /** The first ones load classes, too. */
    private static long median(LongStream values) {
        var sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Endpoints replaced and added, and Services added, known at once. */
    private void burst(NftablesTarget target, ScaleCluster cluster, PrintWriter out) throws Exception {
        var changed = new HashSet<NamespacedName>();
        for (int i = 0; i < BURST; i++) {
            int service = chosen(i, BURST);
            changed.addAll(
                    switch (i % 10) {
                        case 0 -> cluster.addService(services + changes + i);
                        case 1, 2 -> cluster.addEndpoint(service);
                        default -> cluster.replaceEndpoint(service, i / services);
                    });
        }
        out.printf("%,d changes in one sync: %s%n", BURST, change(target, cluster, changed));
    }

    /** Services from all over. */
    private int chosen(int number, int of) {
        return services < of ? number % services : (int) ((long) number * services / of);
    }

    private void allocationInASmallerCluster(PrintWriter out) throws Exception {
        int fewer = services / SMALLER;
        var cluster = new ScaleCluster(fewer, endpoints);
        try (var target = new NftablesTarget()) {
            target.sync(cluster.table(), Set.of(), true);
            IntFunction<Set<NamespacedName>> replace = i -> cluster.replaceEndpoint(i % fewer, i / fewer);
            var efforts = new ArrayList<Effort>();
            for (int i = 0; i < changes; i++) {
                efforts.add(change(target, cluster, replace.apply(i)));
            }
            print("with " + fewer + " Services", efforts, out);
        }
    }

    private void compare(ScaleCluster cluster, Effort best, Percentiles replaced, PrintWriter out) throws Exception {
        try (var nft = new NftProgram(Duration.ofMinutes(compareLimit))) {
            var load = nft.load(cluster.table());
            out.printf(
                    "kube-proxy's layout, first load by nft: %s, %s%.1f times ours%n",
                    load, load.ended() ? "" : "more than ", load.millis() / best.wallMillis());
            if (!load.ended()) {
                return;
            }
            for (int i = 0; i < compareChanges; i++) {
                int service = chosen(i, compareChanges);
                cluster.replaceEndpoint(service, 0);
                var change = nft.change(cluster.table().portsOf(ScaleCluster.name(service)));
                out.printf(
                        "kube-proxy's layout, endpoint replaced: %s, %s%.0f times our p50%n",
                        change, change.ended() ? "" : "more than ", change.millis() / replaced.p50());
            }
            nft.verify(cluster.table().services().size());
        }
    }

    private static void memory(String when, PrintWriter out) throws IOException {
        out.printf(
                "%s: %s, with garbage and this measurement's own%n",
                when, ProcessUsage.sizes(ProcessHandle.current().pid()));
    }
}
