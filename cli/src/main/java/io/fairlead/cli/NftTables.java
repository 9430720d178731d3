package io.fairlead.cli;

import io.fairlead.netfilter.iptables.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of nftables mode, ours or kube-proxy's: {@code ip kube-proxy} and {@code ip6 kube-proxy}. Left over from
 * before a change of modes they would go on redirecting traffic.
 *
 * <p>Through the {@code nft} program, where there is one: whoever wrote such tables with kube-proxy had it.
 */
final class NftTables {

    private static final Logger log = LoggerFactory.getLogger(NftTables.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NAME = "kube-proxy";

    private NftTables() {}

    /** @return false when a table is there and could not be removed; it has been logged */
    static boolean remove(CommandRunner runner) {
        boolean complete = true;
        for (var family : present(runner)) {
            complete &= delete(runner, family);
        }
        return complete;
    }

    /** The families whose table exists; none when nft is missing or does not work, as for kube-proxy. */
    static List<String> present(CommandRunner runner) {
        try {
            var stdout = new ByteArrayOutputStream();
            var exit = runner.run(List.of("nft", "list", "tables"), _ -> {}, out -> out.transferTo(stdout), LIMIT);
            if (exit.status() == 0) {
                var tables = stdout.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .toList();
                return List.of("ip", "ip6").stream()
                        .filter(family -> tables.contains("table " + family + " " + NAME))
                        .toList();
            }
            log.atDebug().addKeyValue("err", exit.stderr().strip()).log("nft does not work here, looking no further");
        } catch (IOException e) {
            log.atDebug().addKeyValue("err", e).log("No nft here, looking no further for nftables tables");
        }
        return List.of();
    }

    private static boolean delete(CommandRunner runner, String family) {
        String problem;
        try {
            var exit = runner.run(
                    List.of("nft", "delete", "table", family, NAME),
                    _ -> {},
                    out -> out.transferTo(OutputStream.nullOutputStream()),
                    LIMIT);
            if (exit.status() == 0 || exit.stderr().contains("No such file or directory")) {
                return true;
            }
            problem = exit.stderr().strip();
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        log.atError()
                .addKeyValue("err", problem)
                .addKeyValue("table", family + " " + NAME)
                .log("Error cleaning up nftables rules");
        return false;
    }
}
