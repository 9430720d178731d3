package io.fairlead.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How much of the machine's memory the daemon holds. */
@Command(
        name = "memory",
        description = {
            "The daemon's resident memory (its own process, not the short-lived iptables ones): after the first sync,",
            "after some idle time, after many changes, and what of its heap is really in use."
        })
final class Memory implements Callable<Integer> {

    @Mixin
    Setup setup = new Setup();

    @Option(names = "--changes", defaultValue = "1000", description = "How many changes to make (default: 1000).")
    int changes;

    @Option(names = "--idle", defaultValue = "70", description = "Seconds of idle time (default: 70).")
    int idle;

    @Option(names = "--mode", defaultValue = "iptables", description = "iptables or nftables (default: iptables).")
    String mode = "iptables";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        spec.commandLine().getOut().println("memory: " + setup + ", " + mode + " mode");
        setup.measure(this::measure);
        return 0;
    }

    private void measure(Setup.Place place) throws Exception {
        var daemon = place.startDaemon("--iptables-min-sync-period=0s", "--proxy-mode=" + mode);
        daemon.await(Daemon.FIRST_SYNC);
        TimeUnit.SECONDS.sleep(1);
        print("after the first sync", daemon);
        TimeUnit.SECONDS.sleep(idle);
        print("idle for " + idle + " s", daemon);
        for (int i = 0; i < changes; i++) {
            int service = (int) ((long) i * setup.services / changes);
            place.cluster().putSlice(service, i % 100 + 1);
            daemon.await(Daemon.SYNC);
        }
        print("after " + changes + " changes", daemon);
        TimeUnit.SECONDS.sleep(idle);
        print("idle for " + idle + " s", daemon);
        var out = spec.commandLine().getOut();
        command(daemon, "GC.class_histogram")
                .lines()
                .filter(line -> line.startsWith("Total"))
                .forEach(line -> {
                    var words = line.trim().split(" +", -1);
                    out.printf(
                            "%-26s %.1f MB in %s objects%n",
                            "live in the heap", Long.parseLong(words[2]) / 1048576.0, words[1]);
                });
    }

    private void print(String when, Daemon daemon) throws IOException {
        spec.commandLine().getOut().printf("%-26s %s%n", when, ProcessUsage.sizes(daemon.pid()));
    }

    /** Asks the JVM; this costs it memory, so it comes last. */
    private static String command(Daemon daemon, String name) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, Long.toString(daemon.pid()), name)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
