package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands find a running daemon and ask it. */
@Tag("kernel")
class InspectionTest {

    private static final String EXAMPLE = "../examples/debugging.yaml";
    private static final String[] NODE = {"--cluster-cidr=10.244.0.0/16", "--hostname-override=k8s1"};

    @TempDir
    Path folder;

    @Test
    void aDaemonTellsWhatItBelievesAndNoticesWhatOthersDo() throws Exception {
        var manifest = Files.copy(Path.of(EXAMPLE), folder.resolve("cluster.yaml"));
        try (var namespace = NetworkNamespace.create("insp")) {
            var machine = FairleadProcess.in(namespace);
            var daemon =
                    machine.start("proxy", "--manifests=" + manifest, NODE[0], NODE[1], "--conntrack-max-per-core=0");
            try {
                await(machine);
                assertThat(machine.run("state").stdout())
                        .contains("node k8s1", "IPv4: 7 Services, 11 endpoints, 8 ready", "full: +");
                assertThat(machine.run("state", "--service", "shop/search").stdout())
                        .contains("10.244.0.17:8080 on k8s1: ready", "not used from here");

                var explained = machine.run("explain", "--from", "outside", "--to", "shop/front");
                assertThat(explained.status()).isZero();
                assertThat(explained.stdout()).contains("1/2", "-j DNAT --to-destination 10.244.0.14:8080");
                assertThat(machine.run("explain", "--to", "shop/cart").status()).isEqualTo(2);
                assertThat(machine.run("explain", "--to", "shop/none").status()).isEqualTo(1);

                assertThat(machine.run("plan").status()).isZero();
                machine.exec("iptables", "-t", "nat", "-D", "KUBE-MARK-MASQ", "1");
                var audit = machine.run("audit", "-o", "json");
                assertThat(audit.status()).isEqualTo(2);
                assertThat(audit.stdout())
                        .contains("\"kind\":\"missing\"", "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000");
                assertThat(machine.run("audit", "--repair").stderr()).contains("give --manifests");

                assertThat(machine.run("state", "--counters").stdout())
                        .contains("0  shop/front:http/tcp → 10.244.0.14:8080");

                Files.writeString(manifest, Files.readString(manifest).replace("10.244.3.14", "10.244.3.99"));
                awaitHistory(machine, "shop/front");
            } finally {
                daemon.destroyForcibly().waitFor();
            }
            var alone = machine.run("state");
            assertThat(alone.status()).isEqualTo(1);
            assertThat(alone.stderr()).contains("no daemon answers at http://127.0.0.1:10247");
        }
    }

    private static void await(FairleadProcess machine) throws Exception {
        for (int attempt = 0; attempt < 30; attempt++) {
            if (machine.run("state").stdout().contains("IPv4: 7 Services")) {
                return;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("the daemon does not answer: " + machine.run("state"));
    }

    private static void awaitHistory(FairleadProcess machine, String service) throws Exception {
        for (int attempt = 0; attempt < 30; attempt++) {
            if (machine.run("state", "--history").stdout().contains(": " + service)) {
                return;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("no such change: " + machine.run("state", "--history"));
    }
}
