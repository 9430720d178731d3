package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A network namespace of a test's own, and the iptables of either back end in it. */
final class Namespace implements AutoCloseable {

    private final String name;
    private final Path folder;

    private Namespace(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    static Namespace create() throws IOException {
        var name = "fl" + ProcessHandle.current().pid()
                + UUID.randomUUID().toString().substring(0, 4);
        var namespace = new Namespace(name, Files.createTempDirectory(name));
        run("ip", "netns", "add", name);
        return namespace;
    }

    /** Commands in this namespace; the lock file is the namespace's own. */
    ProcessCommandRunner runner(Capabilities.Backend backend) throws IOException {
        var suffix = backend == Capabilities.Backend.LEGACY ? "legacy" : "nft";
        var programs = Files.createDirectories(folder.resolve(suffix));
        for (var program : List.of("iptables", "ip6tables")) {
            for (var part : List.of("", "-save", "-restore")) {
                var link = programs.resolve(program + part);
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, Path.of("/usr/sbin/" + program + "-" + suffix + part));
                }
            }
        }
        var environment = new HashMap<String, String>();
        environment.put("PATH", programs + ":" + System.getenv("PATH"));
        environment.put("XTABLES_LOCKFILE", lockFile().toString());
        return new ProcessCommandRunner(List.of("ip", "netns", "exec", name), environment);
    }

    Path lockFile() {
        return folder.resolve("xtables.lock");
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", name);
        try (var files = Files.walk(folder)) {
            var all = new ArrayList<>(files.toList()).reversed();
            for (var file : all) {
                Files.delete(file);
            }
        }
    }

    private static void run(String... argv) throws IOException {
        var exit = new ProcessCommandRunner(List.of(), Map.of())
                .run(List.of(argv), stdin -> {}, stdout -> {}, Duration.ofSeconds(30));
        assertThat(exit.stderr()).isEmpty();
    }
}
