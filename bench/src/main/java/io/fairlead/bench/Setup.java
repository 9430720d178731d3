package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all measurements have in common: the size of the cluster, the back end, the program. */
final class Setup {

    @Option(names = "--services", defaultValue = "5000", description = "How many Services (default: 5000).")
    int services;

    @Option(names = "--endpoints", defaultValue = "5", description = "How many endpoints each has (default: 5).")
    int endpoints;

    @Option(names = "--backend", defaultValue = "NFT", description = "nft or legacy (default: nft).")
    Backend backend = Backend.NFT;

    @Option(
            names = "--fairlead",
            paramLabel = "PROGRAM",
            description = "The program to measure (default: ./fairlead of this checkout).")
    Optional<Path> fairlead = defaultProgram();

    /** What {@code bench/run} measures when nobody says otherwise. */
    static Optional<Path> defaultProgram() {
        return Optional.ofNullable(System.getProperty("fairlead.program")).map(Path::of);
    }

    /** How the program under measurement is started: by its launcher, or in tests as the same classes in a plain JVM. */
    List<String> program() {
        return fairlead.map(path -> List.of(path.toAbsolutePath().toString()))
                .orElseGet(() -> List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        io.fairlead.cli.Main.class.getName()));
    }

    Workload workload() {
        return new Workload(services, endpoints);
    }

    /** A measurement in a namespace with an API server. */
    interface Measurement {
        void run(Place place) throws Exception;
    }

    /**
     * Where a measurement takes place.
     *
     * @param tools the directory with the iptables to use
     */
    record Place(Setup setup, NetworkNamespace namespace, Cluster cluster, Path tools) {

        Daemon startDaemon(String... more) throws IOException {
            return Daemon.start(namespace, setup.program(), tools, cluster.kubeconfig(), System.err::println, more);
        }

        /** Takes all rules away, for another start. */
        void wipe() {
            for (var command : new String[] {"iptables", "ip6tables"}) {
                for (var table : new String[] {"nat", "filter", "mangle"}) {
                    namespace.exec(tools.resolve(command).toString(), "-t", table, "-F");
                    namespace.exec(tools.resolve(command).toString(), "-t", table, "-X");
                }
            }
        }

        /** What iptables-save prints, without comments and with counters at zero: the same for the same rules. */
        List<String> rules() {
            return rules(namespace);
        }

        List<String> rules(NetworkNamespace in) {
            return in.exec(tools.resolve("iptables-save").toString())
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.startsWith(":") ? line.replaceAll(" \\[.*", " [0:0]") : line)
                    .toList();
        }
    }

    /** Makes the place, measures, and takes everything away again. */
    void measure(Measurement measurement) throws Exception {
        var directory = Files.createTempDirectory("fairlead-bench");
        try (var namespace = NetworkNamespace.create("bench")) {
            backend.install(directory);
            var cluster = Cluster.start(namespace, workload(), directory);
            measurement.run(new Place(this, namespace, cluster, directory));
        } finally {
            remove(directory);
        }
    }

    static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public String toString() {
        return "%,d Services × %d endpoints, %s back end, load average %s"
                .formatted(services, endpoints, backend == Backend.NFT ? "nf_tables" : "legacy", load());
    }

    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
