package io.fairlead.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind the name {@code iptables}. */
enum Backend {
    NFT("xtables-nft-multi"),
    LEGACY("xtables-legacy-multi");

    private static final List<String> NAMES = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    private final String binary;

    Backend(String binary) {
        this.binary = binary;
    }

    /**
     * Puts the tools of this back end into a directory, to be the first on a PATH.
     *
     * @throws IOException when they are not installed
     */
    void install(Path directory) throws IOException {
        var target =
                find(binary).orElseThrow(() -> new IOException(binary + " is not installed; apt-get install iptables"));
        for (var name : NAMES) {
            Files.createSymbolicLink(directory.resolve(name), target);
        }
    }

    private static Optional<Path> find(String name) {
        return Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
