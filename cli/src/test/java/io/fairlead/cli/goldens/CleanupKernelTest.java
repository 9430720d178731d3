package io.fairlead.cli.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.net.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fairlead proxy --cleanup} takes what kube-proxy wrote out of the real kernel, and nothing else. */
@Tag("kernel")
class CleanupKernelTest {

    private static final String FOREIGN_FILTER = "-A FORWARD -s 192.0.2.0/24 -m comment --comment foreign -j DROP";
    private static final String FOREIGN_NAT = "-A KUBE-FOREIGN -d 192.0.2.1/32 -j ACCEPT";

    @TempDir
    Path folder;

    /** What section 5 of the rules' specification leaves in place is kubelet's. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void nothingOfOursIsLeftAndForeignRulesStay(String backend) throws Exception {
        try (var node = NetworkNamespace.create("cleanup")) {
            var fairlead = FairleadProcess.in(node).withBackend(backend);
            var golden = Golden.all().getFirst();
            for (var family : List.of("", "6")) {
                var text = family.isEmpty() ? golden.saveV4() : golden.saveV6();
                var file = Files.writeString(folder.resolve("rules" + family), loadable(text));
                fairlead.exec("ip" + family + "tables-restore", file.toString());
            }
            fairlead.exec(
                    "iptables",
                    "-t",
                    "filter",
                    "-A",
                    "FORWARD",
                    "-s",
                    "192.0.2.0/24",
                    "-m",
                    "comment",
                    "--comment",
                    "foreign",
                    "-j",
                    "DROP");
            fairlead.exec("iptables", "-t", "nat", "-N", "KUBE-FOREIGN");
            fairlead.exec("iptables", "-t", "nat", "-A", "KUBE-FOREIGN", "-d", "192.0.2.1", "-j", "ACCEPT");

            assertThat(fairlead.run("proxy", "--cleanup")).satisfies(run -> {
                assertThat(run.stderr()).doesNotContain("Error");
                assertThat(run.status()).isZero();
            });
            assertThat(kubernetes(fairlead.exec("iptables-save")))
                    .containsExactlyInAnyOrder(
                            ":KUBE-FIREWALL -",
                            "-A INPUT -j KUBE-FIREWALL",
                            "-A OUTPUT -j KUBE-FIREWALL",
                            blockLocalnet(golden.saveV4()),
                            ":KUBE-FOREIGN -",
                            FOREIGN_NAT);
            assertThat(fairlead.exec("iptables-save")).contains(FOREIGN_FILTER);
            assertThat(kubernetes(fairlead.exec("ip6tables-save"))).allMatch(line -> line.contains("KUBE-FIREWALL"));

            assertThat(fairlead.run("proxy", "--cleanup=true").status())
                    .as("a second time there is nothing to do")
                    .isZero();
        }
    }

    @Test
    void aForeignJumpToAServiceChainFailsNatAndSparesNothingElse() throws Exception {
        try (var node = NetworkNamespace.create("cleanup")) {
            var fairlead = FairleadProcess.in(node).withBackend("nft");
            var golden = Golden.all().getFirst();
            fairlead.exec(
                    "iptables-restore",
                    Files.writeString(folder.resolve("rules"), loadable(golden.saveV4()))
                            .toString());
            fairlead.exec("iptables", "-t", "nat", "-A", "OUTPUT", "-d", "192.0.2.1", "-j", "KUBE-MARK-MASQ");
            var run = fairlead.run("proxy", "--cleanup");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.stderr())
                    .contains("Error removing kube-proxy chains", "ipFamily=\"IPv4\"", "table=\"nat\"")
                    .contains("encountered an error while tearing down rules");
            assertThat(fairlead.exec("iptables-save", "-t", "filter")).doesNotContain("KUBE-SERVICES");
        }
    }

    @Test
    void theTablesOfNftablesModeGoAndOthersStay() throws Exception {
        try (var node = NetworkNamespace.create("cleanup")) {
            var fairlead = FairleadProcess.in(node);
            for (var table : List.of("ip kube-proxy", "ip6 kube-proxy", "ip other")) {
                var words = Stream.concat(Stream.of("nft", "add", "table"), Stream.of(table.split(" ")));
                fairlead.exec(words.toArray(String[]::new));
            }
            assertThat(fairlead.run("proxy", "--cleanup").status()).isZero();
            assertThat(fairlead.exec("nft", "list", "tables"))
                    .contains("table ip other")
                    .doesNotContain("kube-proxy");
        }
    }

    /** Without rules on nfacct counters, which nobody has made here. */
    private static String loadable(String listing) {
        return listing.lines().filter(line -> !line.contains("nfacct")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> kubernetes(String listing) {
        return listing.lines()
                .filter(line -> line.contains("KUBE-"))
                .map(line -> line.replaceFirst(" \\[\\d+:\\d+]$", ""))
                .toList();
    }

    private static String blockLocalnet(String listing) {
        return listing.lines()
                .map(line -> line.replaceFirst("^\\[\\d+:\\d+] ", ""))
                .filter(line -> line.startsWith("-A KUBE-FIREWALL"))
                .findFirst()
                .orElseThrow();
    }
}
