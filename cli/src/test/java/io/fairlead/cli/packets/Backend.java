package io.fairlead.cli.packets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What rules are written with: the two programs that go by the name of iptables, or none, in nftables mode. */
public enum Backend {
    NFT("iptables", "nft"),
    LEGACY("iptables", "legacy"),
    NFTABLES("nftables", "nft");

    private final String mode;
    private final String suffix;

    Backend(String mode, String suffix) {
        this.mode = mode;
        this.suffix = suffix;
    }

    /** The proxy's mode. */
    public String mode() {
        return mode;
    }

    private String suffix() {
        return suffix;
    }

    /** A PATH on which iptables and its family are this one's; the links are made in a directory in {@code folder}. */
    String path(Path folder) {
        try {
            var programs = Files.createDirectories(folder.resolve(suffix()));
            for (var program : List.of("iptables", "ip6tables")) {
                for (var part : List.of("", "-save", "-restore")) {
                    var link = programs.resolve(program + part);
                    if (!Files.isSymbolicLink(link)) {
                        Files.createSymbolicLink(link, Path.of("/usr/sbin/" + program + "-" + suffix() + part));
                    }
                }
            }
            return programs + ":" + System.getenv("PATH");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the links that {@link #path} made. */
    public void unlink(Path folder) throws IOException {
        try (var links = Files.newDirectoryStream(folder.resolve(suffix()))) {
            for (var link : links) {
                Files.delete(link);
            }
        }
    }

    /** This back end's own program, such as {@code iptables-legacy-save} for {@code iptables} and {@code -save}. */
    String program(String program, String part) {
        return program + "-" + suffix() + part;
    }
}
