package io.fairlead.netfilter.iptables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who holds the lock that iptables waits for: a path and an inode say it, /proc/locks and /proc/PID/comm name it. */
final class LockHolder {

    /** Where iptables keeps its lock: see iptables(8), XTABLES_LOCKFILE. */
    private static final Path LOCK_FILE =
            Path.of(Optional.ofNullable(System.getenv("XTABLES_LOCKFILE")).orElse("/run/xtables.lock"));

    /** {@code 3: FLOCK  ADVISORY  WRITE 4711 00:19:1234 0 EOF}; one that waits has an arrow instead of the first word. */
    private static final Pattern HELD =
            Pattern.compile("\\d+: (?:FLOCK|OFDLCK|POSIX) .* (-?\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) .*");

    /** The kernel shows no locks of processes that the reader's namespace does not have. */
    private static final String NOT_SEEN =
            "its holder has let go of it, or is outside this container's process namespace";

    private LockHolder() {}

    /** For a message: {@code held by pid 4711 (firewalld)}; empty when there is no lock file to ask about. */
    static Optional<String> describe() {
        return describe(Path.of("/proc"), LOCK_FILE);
    }

    static Optional<String> describe(Path proc, Path lockFile) {
        try {
            var inode = Files.getAttribute(lockFile, "unix:ino").toString();
            try (var locks = Files.lines(proc.resolve("locks"))) {
                return Optional.of(locks.map(HELD::matcher)
                        .filter(line -> line.matches() && line.group(2).equals(inode))
                        .map(line -> holder(proc, line.group(1)))
                        .findFirst()
                        .orElse(NOT_SEEN));
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // then the message does without
        }
    }

    private static String holder(Path proc, String pid) {
        try {
            var name = Files.readString(proc.resolve(pid).resolve("comm")).strip();
            return "held by pid " + pid + " (" + name.replaceAll("\\p{C}", "?") + ")";
        } catch (IOException e) {
            return "held by pid " + pid;
        }
    }
}
