package io.fairlead.cli;

import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.CommandRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a service proxy's rules in the iptables back end that is not used here. The kernel obeys both, so rules left
 * there by another build of iptables go on sending traffic to endpoints that are long gone.
 */
final class OtherBackend {

    private static final Logger log = LoggerFactory.getLogger(OtherBackend.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A service proxy's chains; kubelet makes the others, in whatever back end it finds. */
    private static final Pattern OURS =
            Pattern.compile(":KUBE-(SERVICES|NODEPORTS|POSTROUTING|FORWARD|EXTERNAL-SERVICES|SVC-\\w+|SEP-\\w+) .*");

    private static final List<String> FAMILIES = List.of("iptables", "ip6tables");

    private OtherBackend() {}

    /**
     * Warns when there are such rules. Where the other back end's programs are not installed nothing is known.
     *
     * @return the programs whose back end holds them, for tests
     */
    static List<String> look(Capabilities.Backend used, CommandRunner runner) {
        return look(used, runner, Path.of("/proc"));
    }

    static List<String> look(Capabilities.Backend used, CommandRunner runner, Path proc) {
        var found = find(used == Capabilities.Backend.NF_TABLES ? "legacy" : "nft", runner, proc);
        found.forEach((program, chains) -> log.atWarn()
                .addKeyValue("backend", used)
                .addKeyValue("otherBackend", program)
                .addKeyValue("chains", chains)
                .log("A service proxy's rules are also in the iptables back end that is not used here, and the"
                        + " kernel obeys both; run \"fairlead proxy --cleanup\" where \"iptables\" is the other"
                        + " back end, or reboot the node"));
        return List.copyOf(found.keySet());
    }

    /** The programs of one back end, {@code nft} or {@code legacy}, that list such rules, and how many chains. */
    static SequencedMap<String, Long> find(String backend, CommandRunner runner, Path proc) {
        var found = new LinkedHashMap<String, Long>();
        for (var family : FAMILIES) {
            var program = family + "-" + backend;
            long chains =
                    backend.equals("legacy") && !hasLegacyTables(proc, family) ? 0 : chains(program + "-save", runner);
            if (chains > 0) {
                found.put(program, chains);
            }
        }
        return found;
    }

    /** Without tables there is nothing to list; and listing would load the modules. */
    private static boolean hasLegacyTables(Path proc, String family) {
        var names =
                proc.resolve("thread-self/net/" + (family.equals("iptables") ? "ip_tables_names" : "ip6_tables_names"));
        try {
            return !Files.readString(names).isBlank();
        } catch (IOException e) {
            return false;
        }
    }

    private static long chains(String program, CommandRunner runner) {
        var count = new long[1];
        try {
            runner.run(
                    List.of(program),
                    _ -> {},
                    stdout -> count[0] = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8))
                            .lines()
                            .filter(line -> OURS.matcher(line).matches())
                            .count(),
                    LIMIT);
        } catch (IOException e) {
            log.atDebug().addKeyValue("err", e).log("Could not look into the other iptables back end");
        }
        return count[0];
    }
}
