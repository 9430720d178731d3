package io.fairlead.bench;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Real connections while everything changes. */
@Command(
        name = "churn",
        description = {
            "A client opens short connections to a Service, over IPv4 and IPv6, while the Service's endpoints grow, shrink and",
            "are replaced and other Services come and go. Pods that are no longer endpoints go on serving, as terminating ones",
            "do, so no connection may fail. Exit status 1 if one does, or if the endpoints of the end are not those that answer."
        })
final class ChurnUnderTraffic implements Callable<Integer> {

    private static final int PODS = 8;
    private static final int SHOWN = 10;
    private static final Duration CONVERGENCE = Duration.ofMinutes(1);

    @Option(names = "--changes", defaultValue = "1000", description = "How many changes (default: 1000).")
    int changes;

    @Option(names = "--mode", defaultValue = "nftables", description = "iptables or nftables (default: nftables).")
    String mode = "nftables";

    @Option(names = "--seed", description = "Of the random choices (default: another one each time).")
    long seed = System.nanoTime() & 0xffff_ffffL;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        out.printf("churn: %,d changes, %s mode, seed %d, load average %s%n", changes, mode, seed, Setup.load());
        var folder = Files.createTempDirectory("fairlead-churn");
        try (var net = Topology.builder().node(PODS + 1).build();
                var server = net.node("node1")
                        .namespace()
                        .call(() -> ApiServer.builder().tls().tokens("churn").start())) {
            return run(net, server, folder, out) ? 0 : 1;
        } finally {
            Setup.remove(folder);
        }
    }

    private boolean run(Topology net, ApiServer server, Path folder, PrintWriter out) throws Exception {
        var pods = net.node("node1").pods().subList(0, PODS);
        pods.forEach(pod -> pod.serve(Protocol.TCP, ChurningServices.TARGET_PORT));
        var services = new ChurningServices(server.store(), pods, new SplittableRandom(seed));
        services.begin();
        var daemon = startDaemon(net, server, folder);
        daemon.await(Daemon.FIRST_SYNC);
        var client = net.node("node1").pods().getLast();
        awaitEndpoints(client, services);
        long start = System.nanoTime();
        try (var hammer = Hammer.start(client, ChurningServices.STABLE, ChurningServices.PORT)) {
            for (int i = 0; i < changes; i++) {
                services.change();
                daemon.await(Daemon.SYNC);
            }
            var result = hammer.stop();
            out.printf(
                    "%,d connections in %.1f s, %,d of them failed; slowest %,d ms; %s%n",
                    result.connections(),
                    (System.nanoTime() - start) / 1e9,
                    result.failures().size(),
                    result.slowest().toMillis(),
                    services);
            result.failures().stream().limit(SHOWN).forEach(failure -> out.println("FAILED: " + failure));
            awaitEndpoints(client, services);
            boolean passed = result.failures().isEmpty() && result.connections() > 0;
            out.println(passed ? "churn: passed" : "churn: failed");
            return passed;
        }
    }

    private Daemon startDaemon(Topology net, ApiServer server, Path folder) throws IOException {
        var setup = new Setup();
        setup.backend.install(folder);
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        return Daemon.start(
                net.node("node1").namespace(),
                setup.program(),
                folder,
                kubeconfig,
                System.err::println,
                "--proxy-mode=" + mode,
                "--iptables-min-sync-period=0s");
    }

    /** Both families are known to have arrived only when the endpoints that answer are the right ones. */
    private static void awaitEndpoints(LabPod client, ChurningServices services) throws IOException {
        var wanted = services.serving();
        long deadline = System.nanoTime() + CONVERGENCE.toNanos();
        for (var family : List.of(IpFamily.IPV4, IpFamily.IPV6)) {
            var seen = Hammer.servers(client, ChurningServices.STABLE.of(family), wanted.size());
            while (!seen.equals(wanted)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("over " + family + " " + seen + " answer instead of " + wanted);
                }
                seen = Hammer.servers(client, ChurningServices.STABLE.of(family), wanted.size());
            }
        }
    }
}
