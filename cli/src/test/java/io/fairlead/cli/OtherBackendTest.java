package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.iptables.Capabilities.Backend;
import io.fairlead.netfilter.iptables.CommandRunner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherBackendTest {

    private static final String KUBELETS =
            "*mangle\n:KUBE-IPTABLES-HINT - [0:0]\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT\n"
                    + "*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\nCOMMIT\n";
    private static final String SERVICES = "*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-SVC-TCOU7JCQXEZGVUNU - [0:0]\nCOMMIT\n";

    @TempDir
    Path proc;

    private final List<String> ran = new ArrayList<>();

    @Test
    void rulesInTheLegacyTablesAreFound() throws IOException {
        legacyTables("ip_tables_names", "nat\nfilter\n");
        legacyTables("ip6_tables_names", "filter\n");
        assertThat(OtherBackend.look(Backend.NF_TABLES, listing(KUBELETS + SERVICES), proc))
                .containsExactly("iptables-legacy", "ip6tables-legacy");
        assertThat(ran).containsExactly("iptables-legacy-save", "ip6tables-legacy-save");
    }

    @Test
    void legacyTablesAreNotListedIntoBeing() throws IOException {
        legacyTables("ip_tables_names", "");
        assertThat(OtherBackend.look(Backend.NF_TABLES, listing(SERVICES), proc))
                .isEmpty();
        assertThat(ran).isEmpty();
    }

    @Test
    void rulesInTheNftBackEndAreFound() {
        assertThat(OtherBackend.look(Backend.LEGACY, listing(SERVICES), proc))
                .containsExactly("iptables-nft", "ip6tables-nft");
    }

    @Test
    void whatKubeletMakesIsNoConflict() {
        assertThat(OtherBackend.look(Backend.LEGACY, listing(KUBELETS), proc)).isEmpty();
    }

    @Test
    void withoutTheOtherProgramsNothingIsKnown() {
        CommandRunner none = (argv, _, _, _) -> {
            throw new IOException("No such file or directory: " + argv);
        };
        assertThat(OtherBackend.look(Backend.LEGACY, none, proc)).isEmpty();
    }

    private void legacyTables(String file, String names) throws IOException {
        Files.writeString(
                Files.createDirectories(proc.resolve("thread-self/net")).resolve(file), names);
    }

    private CommandRunner listing(String text) {
        return (argv, _, output, _) -> {
            ran.add(argv.getFirst());
            output.readFrom(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return new CommandRunner.Exit(0, "");
        };
    }
}
