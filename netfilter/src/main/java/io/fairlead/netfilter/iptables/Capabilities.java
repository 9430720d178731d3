package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What an iptables installation can do, by its version.
 *
 * @param version empty when it could not be found out; then nothing is assumed
 * @param check {@code -C} exists, since 1.4.11
 * @param waitFlags of iptables: {@code -w 5} since 1.4.22, {@code -w} since 1.4.20
 * @param randomFully {@code MASQUERADE --random-fully} exists, since 1.6.2
 * @param restoreWaitFlags of iptables-restore: {@code -w 5} since 1.6.2, {@code -w} where distributions brought it earlier
 */
public record Capabilities(
        Optional<Version> version,
        Backend backend,
        boolean check,
        List<String> waitFlags,
        boolean randomFully,
        List<String> restoreWaitFlags) {

    /** What takes the rules in the kernel. */
    public enum Backend {
        NF_TABLES,
        LEGACY
    }

    private static final Version CHECK = Version.of(1, 4, 11);
    private static final Version WAIT = Version.of(1, 4, 20);
    private static final Version WAIT_SECONDS = Version.of(1, 4, 22);
    private static final Version RANDOM_FULLY = Version.of(1, 6, 2);
    private static final Version RESTORE_WAIT = Version.of(1, 6, 2);

    private static final List<String> WAIT_5_SECONDS = List.of("-w", "5");

    public Capabilities {
        waitFlags = List.copyOf(waitFlags);
        restoreWaitFlags = List.copyOf(restoreWaitFlags);
    }

    /**
     * @param iptables what {@code iptables --version} said
     * @param iptablesRestore what {@code iptables-restore --version} says; asked below 1.6.2 only
     */
    static Capabilities of(String iptables, Supplier<String> iptablesRestore) {
        var version = Version.find(iptables);
        return new Capabilities(
                version,
                iptables.contains("(nf_tables)") ? Backend.NF_TABLES : Backend.LEGACY,
                atLeast(version, CHECK),
                atLeast(version, WAIT_SECONDS) ? WAIT_5_SECONDS : atLeast(version, WAIT) ? List.of("-w") : List.of(),
                atLeast(version, RANDOM_FULLY),
                version.map(known -> restoreWait(known, iptablesRestore)).orElse(List.of()));
    }

    private static List<String> restoreWait(Version version, Supplier<String> iptablesRestore) {
        if (version.compareTo(RESTORE_WAIT) >= 0) {
            return WAIT_5_SECONDS;
        }
        return Version.find(iptablesRestore.get()).isPresent() ? List.of("-w") : List.of();
    }

    private static boolean atLeast(Optional<Version> version, Version least) {
        return version.filter(known -> known.compareTo(least) >= 0).isPresent();
    }

    /**
     * A dotted version number.
     *
     * @param numbers two or more
     */
    public record Version(List<Integer> numbers) implements Comparable<Version> {

        private static final Pattern IN_OUTPUT = Pattern.compile("v([0-9]{1,8}(\\.[0-9]{1,8})+)");

        public Version {
            numbers = List.copyOf(numbers);
        }

        static Version of(Integer... numbers) {
            return new Version(List.of(numbers));
        }

        /** The first {@code v} that dotted digits follow. */
        static Optional<Version> find(String output) {
            var found = IN_OUTPUT.matcher(output);
            if (!found.find()) {
                return Optional.empty();
            }
            return Optional.of(new Version(Pattern.compile("\\.")
                    .splitAsStream(found.group(1))
                    .map(Integer::valueOf)
                    .toList()));
        }

        @Override
        public int compareTo(Version other) {
            for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
                int mine = i < numbers.size() ? numbers.get(i) : 0;
                int theirs = i < other.numbers.size() ? other.numbers.get(i) : 0;
                if (mine != theirs) {
                    return Integer.compare(mine, theirs);
                }
            }
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Version version && compareTo(version) == 0;
        }

        @Override
        public int hashCode() {
            return numbers.getFirst();
        }

        @Override
        public String toString() {
            return String.join(".", numbers.stream().map(String::valueOf).toList());
        }
    }
}
