package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a daemon the commands read the cluster themselves. */
@Tag("kernel")
class ClusterInspectionTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"iptables, KUBE-SVC-", "nftables, map service-ips"})
    void explainPlanAndAuditAskTheApiServer(String mode, String place) throws Exception {
        try (var cluster =
                DaemonUnderTest.with("asks", ApiServer.builder().tls().tokens("a-token"))) {
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), cluster.server.kubeconfig("a-token"));
            var program = FairleadProcess.in(cluster.namespace);
            String[] source = {
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--cluster-cidr=10.244.0.0/16",
                "--proxy-mode=" + mode
            };

            var explained = program.run(with(source, "explain", "--from", "outside", "--to", "default/web"));
            assertThat(explained.status()).as(explained.stderr()).isZero();
            assertThat(explained.stdout())
                    .contains("default/web", "10.244.0.1:80", "DNAT to 10.244.0.1:80, masqueraded");

            var planned = program.run(with(source, "plan"));
            assertThat(planned.status()).as(planned.stderr()).isEqualTo(2);
            assertThat(planned.stdout()).contains("default/web", place, "10.244.0.1");

            assertThat(program.run(with(source, "audit")).stdout()).contains("missing in", "(default/web)");
            var repaired = program.run(with(source, "audit", "--repair"));
            assertThat(repaired.status()).as(repaired.stderr()).isZero();
            assertThat(repaired.stdout()).contains("IPv4: the kernel is as it should be");
            assertThat(program.run(with(source, "plan")).status()).isZero();
        }
    }

    private static String[] with(String[] source, String... command) {
        var all = new String[command.length + source.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(source, 0, all, command.length, source.length);
        return all;
    }
}
