package io.fairlead.bench;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A long life in a short time. */
@Command(
        name = "soak",
        description = {
            "Changes a cluster at random, in bursts of 100 changes a second, while the API server and the kernel's programs",
            "fail at random (in nftables mode: while somebody deletes the table). Then, with everything well again: the",
            "kernel has to hold what a fresh start makes of the same cluster, a restart has to write nothing, health has",
            "to be good, and the daemon must not have grown. Exit status 1 if not. --services is at most 200, default 150;",
            "--endpoints has no effect."
        })
final class Soak implements Callable<Integer> {

    private static final int MOST_SERVICES = 200;

    @Mixin
    Setup setup = new Setup();

    @Option(names = "--minutes", defaultValue = "10", description = "How long (default: 10; fractions are fine).")
    double minutes;

    @Option(names = "--mode", defaultValue = "iptables", description = "iptables or nftables (default: iptables).")
    String mode = "iptables";

    @Option(names = "--seed", description = "Of the random choices (default: another one each time).")
    long seed = System.nanoTime() & 0xffff_ffffL;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        int services = setup.services > MOST_SERVICES ? 150 : setup.services;
        var out = spec.commandLine().getOut();
        out.printf(
                "soak: %.1f minutes, %s mode, %d Services, seed %d, load average %s%n",
                minutes, mode, services, seed, Setup.load());
        var folder = Files.createTempDirectory("fairlead-soak");
        try (var namespace = NetworkNamespace.create("soak");
                var server = namespace.call(
                        () -> ApiServer.builder().tls().tokens("soak").start())) {
            return run(namespace, server, folder, services, out).isEmpty() ? 0 : 1;
        } finally {
            Setup.remove(folder);
        }
    }

    private List<String> run(NetworkNamespace namespace, ApiServer server, Path folder, int services, PrintWriter out)
            throws Exception {
        var random = new SplittableRandom(seed);
        var life = new SoakLife(
                new SoakLife.Place(setup, mode, namespace, server, folder),
                new Churn(server.store(), services, random.split()),
                random);
        var problems = new ArrayList<String>();
        long half = (long) (minutes * 60 / 2);
        var curve = life.start();
        life.churn(half);
        problems.addAll(life.compare("at half time"));
        var before = life.calm();
        life.churn(half);
        problems.addAll(life.compare("at the end"));
        var after = life.calm();
        problems.addAll(life.health());
        life.report(out);
        curve.print(out, 30);
        Curve.print(out, before, "calm, at half time");
        Curve.print(out, after, "calm, at the end");
        problems.addAll(growth(curve, before, after, out));
        problems.addAll(life.restart());
        problems.forEach(problem -> out.println("PROBLEM: " + problem));
        out.println(problems.isEmpty() ? "soak: passed" : "soak: failed");
        return problems;
    }

    /** A leak of one in a hundred changes would be hundreds by the end; a few are the JVM's own. */
    private List<String> growth(Curve curve, Curve.Point before, Curve.Point after, PrintWriter out) {
        var problems = new ArrayList<String>();
        int few = 3;
        if (after.threads() > before.threads() + few) {
            problems.add("threads have grown from " + before.threads() + " to " + after.threads());
        }
        if (after.descriptors() > before.descriptors() + few) {
            problems.add("file descriptors have grown from " + before.descriptors() + " to " + after.descriptors());
        }
        long early = curve.median(0.25, 0.5);
        long late = curve.median(0.75, 1);
        out.printf("resident, median: %.1f MB in the second quarter, %.1f MB in the last%n", mb(early), mb(late));
        boolean longEnough = minutes >= 5; // before, the JVM is still warming up
        if (longEnough && late > early * 1.05) {
            problems.add("resident memory has grown by more than 5 percent");
        }
        return problems;
    }

    private static double mb(long kilobytes) {
        return kilobytes / 1024.0;
    }

    /** @throws IOException when the manifest cannot be written */
    static Path manifest(ApiServer server, Path folder) throws IOException {
        var text = new StringBuilder();
        var image = server.store().image();
        for (var type : List.of(ResourceTypes.NODES, ResourceTypes.SERVICES, ResourceTypes.ENDPOINT_SLICES)) {
            image.objects(type)
                    .forEach(object ->
                            text.append("---\n").append(object.toJson()).append('\n'));
        }
        return Files.writeString(folder.resolve("cluster.yaml"), text);
    }
}
