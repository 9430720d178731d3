package io.fairlead.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A directory of iptables programs whose restores fail at random while they are told to. The ways are those in which real
 * ones fail: nothing is read, the program is killed, only the first table is committed, or all of it is and the answer is
 * no all the same.
 */
final class FailingTools {

    private static final List<String> RESTORES = List.of("iptables-restore", "ip6tables-restore");

    private final Path folder;

    private FailingTools(Path folder) {
        this.folder = folder;
    }

    /** Puts them into the folder; they work until {@link #failing} says otherwise. */
    static FailingTools install(Backend backend, Path folder) throws IOException {
        var real = Files.createDirectories(folder.resolve("real"));
        backend.install(real);
        var tools = new FailingTools(folder);
        tools.failing(0);
        try (var programs = Files.list(real)) {
            for (var program : programs.toList()) {
                var name = program.getFileName().toString();
                var place = folder.resolve(name);
                if (RESTORES.contains(name)) {
                    Files.writeString(place, program(folder, name));
                    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
                } else {
                    Files.createSymbolicLink(place, program);
                }
            }
        }
        return tools;
    }

    /** Two random bytes decide: the first whether to fail, the second how. */
    private static String program(Path folder, String name) {
        return """
            #!/bin/sh
            set -u
            folder=%s
            real=$folder/real/%s
            percent=$(cat "$folder/percent")
            set -- "$real" "$@"
            read -r chance way <<END
            $(od -An -N2 -tu1 /dev/urandom)
            END
            [ $((chance * 100 / 256)) -lt "$percent" ] || exec "$@"
            case $((way %% 5)) in
              0) exit 1 ;;
              1) echo 'Another app is currently holding the xtables lock.' >&2; exit 4 ;;
              2) kill -9 $$ ;;
              3) sed '/^COMMIT/q' | "$@"; exit 1 ;;
              4) "$@"; echo 'Resource temporarily unavailable' >&2; exit 4 ;;
            esac
            """.formatted(folder, name);
    }

    /** From now on, this share of restores fails. */
    void failing(int percent) throws IOException {
        var next = folder.resolve("percent.next");
        Files.writeString(next, percent + "\n");
        Files.move(next, folder.resolve("percent"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    Path folder() {
        return folder;
    }

    /** Of the same back end, and never failing. */
    Path working() {
        return folder.resolve("real");
    }
}
