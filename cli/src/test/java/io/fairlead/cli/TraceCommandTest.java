package io.fairlead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead trace --rules}: offline, on any listing. */
class TraceCommandTest {

    private static final String LISTING = """
            *nat
            :PREROUTING ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-SVC-A - [0:0]
            :KUBE-SEP-1 - [0:0]
            :KUBE-SEP-2 - [0:0]
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j KUBE-SVC-A
            -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            -A KUBE-NODEPORTS -p tcp -m comment --comment "default/web" -m tcp --dport 30080 -j KUBE-SEP-2
            -A KUBE-SVC-A -m comment --comment "kube-system/kube-dns:dns" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
            -A KUBE-SVC-A -m comment --comment "kube-system/kube-dns:dns" -j KUBE-SEP-2
            -A KUBE-SEP-1 -m comment --comment "kube-system/kube-dns:dns" -j DNAT --to-destination 10.244.0.5:53
            -A KUBE-SEP-2 -m comment --comment "kube-system/kube-dns:dns" -j DNAT --to-destination 10.244.2.21:53
            COMMIT
            *filter
            :FORWARD ACCEPT [0:0]
            :FWD_public - [0:0]
            -A FORWARD -j FWD_public
            -A FWD_public -s 203.0.113.0/24 -j REJECT --reject-with icmp-host-prohibited
            -A FORWARD -s 203.0.114.0/24 -j NFQUEUE --queue-num 1
            COMMIT
            """;

    @TempDir
    Path folder;

    private record Result(int status, String out, String err) {}

    private Result trace(String... args) throws IOException {
        var file = Files.writeString(folder.resolve("rules"), LISTING);
        var line = Stream.concat(Stream.of("trace", "--rules", file.toString()), Arrays.stream(args));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = Main.run(
                line.toArray(String[]::new), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    @Test
    void namesTheServiceAndTheShareOfEachEndpoint() throws IOException {
        var result = trace("--from", "10.244.0.7", "--to", "10.96.0.10:53/udp");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("   50.0 %  DNAT to 10.244.0.5:53", "   50.0 %  DNAT to 10.244.2.21:53")
                .contains("Service: kube-system/kube-dns:dns")
                .doesNotContain("\u001b");
    }

    @Test
    void aRefusalByOthersIsTheirsAndHasItsExitStatus() throws IOException {
        var result = trace("--from", "203.0.113.9", "--to", "10.96.0.10:53/udp");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.out())
                .contains("rejected (icmp-host-prohibited)")
                .contains("Not a service proxy's doing: firewalld: -A FWD_public -s 203.0.113.0/24 -j REJECT");
    }

    @Test
    void whatAnotherProgramDecidesIsNotKnown() throws IOException {
        var result = trace("--from", "203.0.114.9", "--to", "10.96.0.10:53/udp");
        assertThat(result.status()).isEqualTo(4);
        assertThat(result.out()).contains("unknown (-j NFQUEUE)");
    }

    @Test
    void nodePortsNeedTheNodesAddresses() throws IOException {
        assertThat(trace("--from", "192.0.2.1", "--to", "10.210.40.172:30080").out())
                .doesNotContain("DNAT");
        assertThat(trace("--from", "192.0.2.1", "--to", "10.210.40.172:30080", "--local", "10.210.40.172")
                        .out())
                .contains("100.0 %  DNAT to 10.244.2.21:53");
    }

    @Test
    void jsonIsForPrograms() throws IOException {
        var json = new ObjectMapper()
                .readTree(trace("--from", "10.244.0.7", "--to", "10.96.0.10:53/udp", "-o", "json")
                        .out());
        assertThat(json.at("/outcomes/0/dnat").asText()).isEqualTo("10.244.0.5:53");
        assertThat(json.at("/outcomes/0/share").asText()).isEqualTo("1/2");
        assertThat(json.at("/path/choices")).hasSize(2);
        assertThat(json.at("/path/steps/2/service").asText()).isEqualTo("kube-system/kube-dns:dns");
    }

    @Test
    void mistakesAreNamedInOneLine() throws IOException {
        assertThat(trace("--from", "10.244.0.7", "--to", "fd00::1").err())
                .hasLineCount(1)
                .contains("10.244.0.7 and fd00::1 are of different families");
        assertThat(trace("--from", "10.244.0.7", "--to", "10.96.0.10:99999").err())
                .hasLineCount(1)
                .contains("\"10.96.0.10:99999\" is not an address and port");
        assertThat(trace("--from", "10.244.0.7", "--to", "10.96.0.10:1/xyz").err())
                .hasLineCount(1)
                .contains("\"xyz\" is not a protocol");
        assertThat(trace("--kernel", "--from", "10.244.0.7", "--to", "10.96.0.10:1")
                        .err())
                .hasLineCount(1)
                .contains("one of --rules FILE, --kernel and --live");
    }
}
