package io.fairlead.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that is told from a later one with the same number.
 *
 * @param started in clock ticks since the machine's start, as /proc/PID/stat has it
 */
record ProcessIdentity(long pid, long started) {

    private static final int START_TIME = 19; // field 22 of proc_pid_stat(5), counted after the name

    static ProcessIdentity own() throws IOException {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, started(pid).orElseThrow(() -> new IOException("/proc is not mounted")));
    }

    static Optional<ProcessIdentity> parse(String text) {
        var words = text.strip().split(" ", -1);
        try {
            return words.length == 2
                    ? Optional.of(new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean isAlive() {
        return started(pid).equals(Optional.of(started));
    }

    private static Optional<Long> started(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name may contain anything, but the last parenthesis ends it.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead ? Optional.empty() : Optional.of(Long.parseLong(fields[START_TIME]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return pid + " " + started;
    }
}
