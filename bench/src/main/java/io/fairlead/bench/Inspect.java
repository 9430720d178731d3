package io.fairlead.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a running daemon takes to answer questions. */
@Command(
        name = "inspect",
        description = {
            "Asks the daemon's inspection server: time until the answer is there, processor time of the daemon and of the",
            "iptables programs it runs, and its resident memory before and after. The first question is told apart: it",
            "loads classes."
        })
final class Inspect implements Callable<Integer> {

    private static final String SERVER = "http://127.0.0.1:10247";
    private static final int ANSWER_MS = 120_000;

    @Mixin
    Setup setup = new Setup();

    @Option(names = "--times", defaultValue = "10", description = "How often to ask each question (default: 10).")
    int times;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        spec.commandLine().getOut().println("inspect: " + setup);
        setup.measure(this::measure);
        return 0;
    }

    private void measure(Setup.Place place) throws Exception {
        var daemon = place.startDaemon("--inspect-bind-address=127.0.0.1:10247");
        daemon.await(Daemon.FIRST_SYNC);
        TimeUnit.SECONDS.sleep(3);
        memory("before", daemon);
        int middle = setup.services / 2;
        var service = Workload.namespace(middle) + "/" + Workload.serviceName(middle);
        ask(place, daemon, "explain", "/v1/explain?from=outside&to=" + service);
        ask(place, daemon, "state", "/v1/state");
        ask(place, daemon, "services, one page", "/v1/services");
        ask(place, daemon, "plan", "/v1/plan");
        ask(place, daemon, "audit", "/v1/audit");
        memory("after", daemon);
    }

    private void ask(Setup.Place place, Daemon daemon, String what, String path) throws Exception {
        long first = time(place, path);
        var before = ProcessUsage.times(daemon.pid());
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < times; i++) {
            nanos.add(time(place, path));
        }
        var used = ProcessUsage.times(daemon.pid()).minus(before);
        spec.commandLine()
                .getOut()
                .printf(
                        "%-20s first %6.1f ms  %s  processor time each %d ms + %d ms of iptables-save%n",
                        what, first / 1e6, Percentiles.of(nanos), used.own() / times, used.children() / times);
    }

    private static long time(Setup.Place place, String path) throws Exception {
        return place.namespace().call(() -> {
            long begin = System.nanoTime();
            var connection =
                    (HttpURLConnection) URI.create(SERVER + path).toURL().openConnection();
            connection.setReadTimeout(ANSWER_MS);
            if (connection.getResponseCode() != 200) {
                throw new IOException(path + ": status " + connection.getResponseCode());
            }
            try (var answer = connection.getInputStream()) {
                answer.transferTo(OutputStream.nullOutputStream());
            }
            return System.nanoTime() - begin;
        });
    }

    private void memory(String when, Daemon daemon) throws IOException {
        spec.commandLine().getOut().printf("%-20s %s%n", when, ProcessUsage.sizes(daemon.pid()));
    }
}
