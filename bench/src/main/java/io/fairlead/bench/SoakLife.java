package io.fairlead.bench;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** The daemon that is being soaked, and its world. */
final class SoakLife {

    private static final int CHANGES_PER_SECOND = 100;
    private static final int FAILING_PERCENT = 30;
    private static final int REST_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> FLAGS = List.of("--iptables-min-sync-period=100ms", "--iptables-sync-period=1s");
    private static final Pattern ADOPTED = Pattern.compile("First sync complete.* rulesWritten=(\\d+) ");
    /** What a fixed cluster is made from, for moments that are to be compared. */
    private static final long CALM = 1;

    /** @param mode the proxy's */
    record Place(Setup setup, String mode, NetworkNamespace namespace, ApiServer server, Path folder) {}

    private final Place place;
    private final Churn churn;
    private final SplittableRandom random;
    private final ServerFaults faults;
    private final FailingTools tools;
    private final Path kubeconfig;
    private final Curve curve = new Curve();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final AtomicInteger warnings = new AtomicInteger();
    private final long begin = System.nanoTime();
    private int changes;
    private Daemon daemon;

    SoakLife(Place place, Churn churn, SplittableRandom random) throws IOException {
        this.place = place;
        this.churn = churn;
        this.random = random;
        faults = new ServerFaults(place.server(), place.namespace(), random.split());
        tools = FailingTools.install(place.setup().backend, place.folder());
        kubeconfig = Files.writeString(
                place.folder().resolve("kubeconfig"), place.server().kubeconfig());
        churn.begin();
        daemon = startDaemon();
    }

    private Daemon startDaemon() throws IOException {
        return Daemon.start(
                place.namespace(),
                place.setup().program(),
                tools.folder(),
                kubeconfig,
                _ -> warnings.incrementAndGet(),
                flags().toArray(String[]::new));
    }

    private List<String> flags() {
        var flags = new ArrayList<>(FLAGS);
        flags.add("--proxy-mode=" + place.mode());
        return flags;
    }

    /** Waits for the first sync. */
    Curve start() throws Exception {
        daemon.await(ADOPTED);
        return curve;
    }

    /** So many seconds of changes and faults; then everything is well again. */
    void churn(long seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        tools.failing(FAILING_PERCENT);
        while (System.nanoTime() < end) {
            disturb();
            for (int i = 0; i < CHANGES_PER_SECOND; i++) {
                churn.change();
            }
            changes += CHANGES_PER_SECOND;
            TimeUnit.SECONDS.sleep(1);
            curve.add(now());
        }
        faults.end();
        tools.failing(0);
    }

    private void disturb() throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1 -> happened.merge(faults.next(), 1, Integer::sum);
            case 2 -> faults.end();
            case 3 -> {
                if (place.mode().equals("nftables")) {
                    place.namespace().exec("nft", "delete", "table", random.nextBoolean() ? "ip" : "ip6", "kube-proxy");
                    happened.merge("table deleted", 1, Integer::sum);
                } else {
                    tools.failing(FAILING_PERCENT);
                }
            }
            case 4, 5 -> tools.failing(0);
            default -> {} // goes on as it is
        }
    }

    private Curve.Point now() throws IOException {
        return Curve.Point.of(Duration.ofNanos(System.nanoTime() - begin), daemon.pid());
    }

    /** The same cluster each time, at rest: what the process holds now can be compared. */
    Curve.Point calm() throws Exception {
        new Churn(place.server().store(), churn.services(), new SplittableRandom(CALM)).begin();
        var problems = compare("at rest");
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        return Curve.lowest(rest());
    }

    /** What is under way comes and goes; a leak stays. */
    private List<Curve.Point> rest() throws Exception {
        var points = new ArrayList<Curve.Point>();
        for (int i = 0; i < REST_SECONDS; i++) {
            TimeUnit.SECONDS.sleep(1);
            points.add(now());
        }
        return points;
    }

    /** The kernel against a fresh full sync of the same cluster in another namespace. */
    List<String> compare(String when) throws Exception {
        if (place.mode().equals("nftables")) {
            return List.of(); // a restart compares, and says how much it had to write
        }
        var wanted = freshSync();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> differences;
        do {
            TimeUnit.MILLISECONDS.sleep(500);
            differences = new ArrayList<>();
            for (var family : wanted.entrySet()) {
                differences.addAll(Listing.differences(family.getValue(), listing(place.namespace(), family.getKey())));
            }
        } while (!differences.isEmpty() && System.nanoTime() < deadline);
        return differences.stream().limit(20).map(line -> when + ": " + line).toList();
    }

    private Map<String, Map<String, List<String>>> freshSync() throws Exception {
        try (var fresh = NetworkNamespace.create("fresh")) {
            var command = new ArrayList<>(place.setup().program());
            command.addAll(List.of(
                    "proxy",
                    "--once",
                    "--manifests=" + Soak.manifest(place.server(), place.folder()),
                    "--hostname-override=" + Churn.NODE,
                    "--cluster-cidr=" + Workload.POD_CIDR));
            command.addAll(flags());
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", tools.working().toString(), (path, first) -> first + ":" + path);
            var process = fresh.start(builder);
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("a fresh sync failed: " + said);
            }
            return Map.of("iptables", listing(fresh, "iptables"), "ip6tables", listing(fresh, "ip6tables"));
        }
    }

    private Map<String, List<String>> listing(NetworkNamespace namespace, String family) {
        return Listing.of(
                namespace.exec(tools.working().resolve(family + "-save").toString()));
    }

    /** What the health server and the metrics say. */
    List<String> health() throws IOException {
        int status = place.namespace().call(() -> {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:10256/healthz").toURL().openConnection();
            return connection.getResponseCode();
        });
        return status == 200 ? List.of() : List.of("/healthz answers " + status);
    }

    /** A new process finds in the kernel what it would write. */
    List<String> restart() throws Exception {
        daemon.stop();
        daemon = startDaemon();
        var problems = new ArrayList<String>();
        for (int family = 0; family < 2; family++) {
            long written = daemon.await(ADOPTED).number(1);
            if (written > 0) {
                problems.add("a restart had to write " + written + " rules");
            }
        }
        daemon.stop();
        return problems;
    }

    void report(PrintWriter out) throws IOException {
        out.printf(
                "%,d changes; server faults: %s; %d warnings and errors logged%n", changes, happened, warnings.get());
        var metrics = place.namespace().call(() -> {
            try (var body = URI.create("http://127.0.0.1:10249/metrics").toURL().openStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
        metrics.lines()
                .filter(line -> line.matches(
                        "kubeproxy_sync_(full_|partial_)?proxy_rules_(duration_seconds_count|\\w*failures_total)\\b.*"))
                .forEach(line -> out.println("  " + line));
    }
}
