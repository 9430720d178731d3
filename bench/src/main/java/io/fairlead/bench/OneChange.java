package io.fairlead.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From a write to the API to the kernel. */
@Command(
        name = "one-change",
        description = {
            "How long a change of one Service takes from the write to the API server until the kernel has it: an endpoint",
            "replaced, a Service deleted, a Service added. One change after the other, with the kernel at rest between."
        })
final class OneChange implements Callable<Integer> {

    @Mixin
    Setup setup = new Setup();

    @Option(names = "--changes", defaultValue = "100", description = "How many changes of each kind (default: 100).")
    int changes;

    @Option(
            names = "--min-sync-period",
            defaultValue = "0s",
            description = "The daemon's shortest time between two syncs (default: 0s; kube-proxy's default is 1s).")
    String minSyncPeriod = "0s";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private interface Change {
        void make(int service) throws IOException;
    }

    @Override
    public Integer call() throws Exception {
        spec.commandLine().getOut().println("one-change: " + setup + ", --iptables-min-sync-period=" + minSyncPeriod);
        setup.measure(this::measure);
        return 0;
    }

    private void measure(Setup.Place place) throws Exception {
        var daemon = place.startDaemon("--iptables-min-sync-period=" + minSyncPeriod);
        daemon.await(Daemon.FIRST_SYNC);
        TimeUnit.MILLISECONDS.sleep(500);
        var cluster = place.cluster();
        var before = ProcessUsage.times(daemon.pid());
        measure("endpoint replaced", daemon, service -> cluster.putSlice(service, 1));
        measure("Service deleted", daemon, cluster::deleteService);
        measure("Service added", daemon, cluster::putService);
        var cpu = ProcessUsage.times(daemon.pid()).minus(before);
        spec.commandLine()
                .getOut()
                .printf(
                        "processor time a change: daemon %.1f ms, its iptables %.1f ms%n",
                        cpu.own() / (3.0 * changes), cpu.children() / (3.0 * changes));
        verify(place);
    }

    private void measure(String name, Daemon daemon, Change change) throws Exception {
        var times = new ArrayList<Long>();
        var syncs = new ArrayList<Long>();
        for (int service : chosen()) {
            long start = System.nanoTime();
            change.make(service);
            var sync = daemon.await(Daemon.SYNC);
            times.add(sync.time() - start);
            syncs.add(TimeUnit.MILLISECONDS.toNanos(sync.number(3)));
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "%-18s %s  of which the sync p50 %.0f ms%n",
                        name, Percentiles.of(times), Percentiles.of(syncs).p50());
    }

    /** Services from all over the chain. */
    private List<Integer> chosen() {
        var chosen = new ArrayList<Integer>();
        for (int i = 0; i < Math.min(changes, setup.services); i++) {
            chosen.add((int) ((long) i * setup.services / changes));
        }
        return chosen;
    }

    /** The log is believed for the times; that it was right is seen here. */
    private void verify(Setup.Place place) throws IOException {
        var rules = String.join("\n", place.rules());
        for (int service : chosen()) {
            var name = Workload.namespace(service) + "/" + Workload.serviceName(service) + ":";
            var endpoint = place.setup().workload().endpointAddress(service, 0, 1) + ":8080";
            if (!rules.contains(name) || !rules.contains(endpoint)) {
                throw new IOException("the kernel does not hold " + name + " with endpoint " + endpoint);
            }
        }
    }
}
