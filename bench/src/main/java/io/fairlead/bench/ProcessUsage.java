package io.fairlead.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of a process (proc_pid_smaps_rollup(5), proc_pid_status(5), proc_pid_stat(5)). */
final class ProcessUsage {

    private static final Path PROC = Path.of("/proc");
    // proc_pid_stat(5): numbers of the fields after the command, which ends with the last parenthesis; state is field
    // 3.
    private static final int UTIME = 14 - 3;
    private static final int STIME = 15 - 3;
    private static final int CHILDREN_UTIME = 16 - 3;
    private static final int CHILDREN_STIME = 17 - 3;
    private static final int TICKS_PER_SECOND = 100; // sysconf(_SC_CLK_TCK), the same on every Linux that Java runs on

    private ProcessUsage() {}

    /**
     * Memory of a process, in kB.
     *
     * @param proportional resident, with shared pages divided among those who share them
     * @param peak the highest resident size so far
     */
    record Sizes(long resident, long proportional, long peak) {
        @Override
        public String toString() {
            return "RSS %5.1f MB  PSS %5.1f MB  peak %5.1f MB"
                    .formatted(resident / 1024.0, proportional / 1024.0, peak / 1024.0);
        }
    }

    /**
     * Processor time in milliseconds, in the program and in the kernel on its behalf.
     *
     * @param childrenUser of its children that have ended, as is {@code childrenKernel}
     */
    record Times(long user, long kernel, long childrenUser, long childrenKernel) {

        long own() {
            return user + kernel;
        }

        long children() {
            return childrenUser + childrenKernel;
        }

        Times minus(Times earlier) {
            return new Times(
                    user - earlier.user,
                    kernel - earlier.kernel,
                    childrenUser - earlier.childrenUser,
                    childrenKernel - earlier.childrenKernel);
        }
    }

    static Sizes sizes(long pid) throws IOException {
        var rollup = lines(pid, "smaps_rollup");
        return new Sizes(value(rollup, "Rss:"), value(rollup, "Pss:"), value(lines(pid, "status"), "VmHWM:"));
    }

    static int threads(long pid) throws IOException {
        return (int) value(lines(pid, "status"), "Threads:");
    }

    static Times times(long pid) throws IOException {
        var stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Times(
                millis(fields[UTIME]),
                millis(fields[STIME]),
                millis(fields[CHILDREN_UTIME]),
                millis(fields[CHILDREN_STIME]));
    }

    private static long millis(String ticks) {
        return Long.parseLong(ticks) * 1000 / TICKS_PER_SECOND;
    }

    private static List<String> lines(long pid, String file) throws IOException {
        return Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve(file));
    }

    private static long value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
