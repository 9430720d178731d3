package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a lab needs of the machine. */
final class Requirements {

    private static final List<String> PROGRAMS =
            List.of("ip", "iptables-restore", "ip6tables-restore", "iptables-save", "setsid");

    private Requirements() {}

    /** As below, and for a mode's rules to be shown. */
    static void check(PlanOptions.Mode mode) throws IOException {
        check();
        if (mode == PlanOptions.Mode.NFTABLES && find("nft").isEmpty()) {
            throw new LabException("not installed: nft (on Debian and Ubuntu: apt-get install nftables)");
        }
    }

    /** @throws LabException when something is missing; says what to do */
    static void check() throws IOException {
        if (!isRoot()) {
            throw new LabException("a lab needs root, to make network namespaces; try sudo");
        }
        var missing =
                PROGRAMS.stream().filter(program -> find(program).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw new LabException("not installed: " + String.join(", ", missing)
                    + " (on Debian and Ubuntu: apt-get install iproute2 iptables)");
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** A program on the PATH. */
    static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
