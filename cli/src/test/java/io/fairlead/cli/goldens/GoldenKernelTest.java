package io.fairlead.cli.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code fairlead proxy --once} leaves the kernel as kube-proxy left it, on both back ends. */
@Tag("kernel")
class GoldenKernelTest {

    @TempDir
    Path folder;

    static Stream<Arguments> goldens() {
        return Golden.all().stream()
                .flatMap(golden -> Stream.of("nft", "legacy").map(backend -> Arguments.of(golden, backend)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldens")
    void programsWhatKubeProxyProgrammed(Golden golden, String backend) throws Exception {
        try (var node = NetworkNamespace.create("golden")) {
            giveAddresses(node, golden.hostNumber());
            var fairlead = FairleadProcess.in(node).withBackend(backend);
            var run = fairlead.run(
                    "proxy",
                    "--once",
                    "--manifests",
                    file("objects.json", golden.objects()),
                    "--config",
                    file("config.json", golden.config()));
            assertThat(run.status()).as(run.stderr()).isZero();
            for (var family : IpFamily.values()) {
                var program = family == IpFamily.IPV4 ? "iptables-save" : "ip6tables-save";
                assertThat(Listing.lines(fairlead.exec(program)))
                        .as("%s of %s on %s", program, golden, backend)
                        .containsExactlyElementsOf(Listing.lines(golden.save(family)));
            }
        }
    }

    private static void giveAddresses(NetworkNamespace node, int number) {
        node.exec("ip", "link", "add", "eth0", "type", "bridge");
        node.exec("ip", "addr", "add", "10.210.40." + number + "/24", "dev", "eth0");
        node.exec("ip", "addr", "add", "fd00:210::" + number + "/64", "dev", "eth0", "nodad");
        node.exec("ip", "link", "set", "eth0", "up");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
