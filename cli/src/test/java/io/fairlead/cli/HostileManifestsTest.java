package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.packets.Backend;
import io.fairlead.cli.packets.Daemon;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Manifests that want to do harm, up to the kernel's rules: each is refused in a log line that names it, none changes what
 * iptables gets for others, and the good Service beside them works.
 */
@Tag("kernel")
class HostileManifestsTest {

    private static final String GOOD_RULE =
            "-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment \"default/good:http cluster IP\" -m tcp --dport 80"
                    + " -j KUBE-SVC-";

    /** What hostile texts below try to bring into a rule. */
    private static final Pattern INJECTED = Pattern.compile("66\\.66|EVIL|evil|ACCEPT --|-j ACCEPT -|xxxxxxxx");

    private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");

    /** Built-in chains, ours, and the chains of Services. */
    private static final Pattern CHAIN = Pattern.compile(":(PREROUTING|INPUT|OUTPUT|FORWARD|POSTROUTING|KUBE-(SERVICES"
            + "|EXTERNAL-SERVICES|NODEPORTS|POSTROUTING|FORWARD|FIREWALL|PROXY-FIREWALL|MARK-MASQ|PROXY-CANARY"
            + "|KUBELET-CANARY|(SVC|SVL|SEP|EXT|FW)-[A-Z2-7]{16})) .*");

    @TempDir
    private Path folder;

    private NetworkNamespace namespace;
    private int files;

    @BeforeEach
    void create() throws IOException {
        namespace = NetworkNamespace.create("hostile");
        Files.createDirectory(folder.resolve("manifests"));
        manifest(service("good", "10.96.0.1", port("http", 80)));
        manifest(slice("good", "http", List.of("10.244.0.5")));
    }

    @AfterEach
    void remove() throws IOException {
        namespace.close();
        Backend.NFT.unlink(folder);
    }

    @Test
    void namesThatWouldBreakARuleAreRefusedByName() throws Exception {
        for (var name : List.of(
                "a\\\" -j ACCEPT -m comment --comment \\\"",
                "evil name",
                "evil\\n-A INPUT -s 66.66.66.66 -j ACCEPT\\nCOMMIT\\n",
                "-j",
                "x".repeat(300),
                "EVIL$(reboot)`reboot`;reboot|reboot",
                "evil\\u0000zero",
                "../../evil")) {
            manifest(service(name, "10.96.0.2", port("http", 80)));
            manifest(service("holder", "10.96.0.3", port("http", 80)).replace("default", name));
            manifest(slice(name, "http", List.of("10.244.0.6")));
            manifest(slice(name, "http", List.of("10.244.0.6")).replace(name + "-slice", "innocent"));
        }
        String log = once();
        assertThat(log)
                .contains("metadata.name: \"a\\\" -j ACCEPT -m comment --comment \\\"\" is not a name")
                .contains("metadata.name: \"evil name\" is not a name")
                .contains("metadata.name: \"evil\\n-A INPUT -s 66.66.66.66 -j ACCEPT\\nCOMMIT\\n\" is not a name")
                .contains("metadata.name: \"-j\" is not a name")
                .contains("(300 characters)")
                .contains("metadata.namespace: \"evil name\" is not a namespace")
                .contains(
                        "EndpointSlice default/innocent: metadata.labels[kubernetes.io/service-name]: \"-j\" is not a")
                .contains("\\u0000zero");
        assertUntouched(log, 1);
    }

    @Test
    void portNamesThatWouldBreakARuleAreRefusedAndTheOtherPortsWork() throws Exception {
        var bad = List.of(
                "a\\\" -j ACCEPT -m comment --comment \\\"",
                "evil name",
                "evil\\n-A INPUT -j ACCEPT\\nCOMMIT\\n",
                "-j",
                "x".repeat(300),
                "EVIL;reboot");
        for (int i = 0; i < bad.size(); i++) {
            String ports = port(bad.get(i), 81) + "," + port("fine", 82);
            manifest(service("ports-" + i, "10.96.1." + i, ports));
            manifest(slice("ports-" + i, "fine", List.of("10.244.1." + i)));
            manifest(slice("ports-" + i, bad.get(i), List.of("10.244.2." + i)).replace("-slice", "-bad"));
        }
        String log = once();
        for (int i = 0; i < bad.size(); i++) {
            assertThat(log).contains("Service default/ports-" + i + ": spec.ports[0].name: ");
            assertThat(rules()).contains("default/ports-" + i + ":fine cluster IP");
        }
        assertUntouched(log, 1 + bad.size());
    }

    @Test
    void numbersThatAreNoPortsAreRefused() throws Exception {
        manifest(service("numbers", "10.96.0.2", """
                {"name":"a","port":0},{"name":"b","port":65536},{"name":"c","port":-1},{"name":"d","port":"80 -j ACCEPT --"},
                {"name":"e","port":80,"protocol":"TCP -j EVIL"},{"name":"f","port":99999999999999999999},
                {"name":"fine","port":82,"nodePort":700000}"""));
        manifest(slice("numbers", "fine", List.of("10.244.0.6")));
        String log = once();
        assertThat(log).contains("Service default/numbers: spec.ports[0].port: \"0\" is not a port");
        for (int i = 1; i < 6; i++) {
            assertThat(log).contains("Service default/numbers: spec.ports[" + i + "].");
        }
        assertThat(log).contains("Service default/numbers: spec.ports[6].nodePort: \"700000\" is not a port");
        assertThat(rules()).contains("default/numbers:fine cluster IP");
        assertUntouched(log, 2);
    }

    @Test
    void addressesAndRangesThatAreNoneAreLeftOutByName() throws Exception {
        manifest("""
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"lists"},"spec":{"type":"LoadBalancer",
                "clusterIP":"10.96.0.2","ports":[%s],"externalIPs":["10.0.0.1 -j ACCEPT","66.66.66.66.66","198.51.100.1"],
                "loadBalancerSourceRanges":["66.66.66.66/33","evil","0.0.0.0/0 -j ACCEPT","192.0.2.0/24"]},
                "status":{"loadBalancer":{"ingress":[{"ip":"evil"},{"ip":"203.0.113.1"}]}}}""".formatted(port("http", 80)));
        manifest(slice("lists", "http", List.of("66.66.66.666", "10.244.0.6 --to 66.66.66.66", "", "10.244.0.6")));
        manifest(service("cluster-ip", "10.96.0.3 -j ACCEPT", port("http", 80)));
        String log = once();
        assertThat(log)
                .contains("Service default/lists: spec.externalIPs[0]: \"10.0.0.1 -j ACCEPT\" is not an IP address")
                .contains("Service default/lists: spec.externalIPs[1]: \"66.66.66.66.66\" is not an IP address")
                .contains("Service default/lists: spec.loadBalancerSourceRanges[0]: \"66.66.66.66/33\" is not a CIDR")
                .contains(
                        "Service default/lists: spec.loadBalancerSourceRanges[2]: \"0.0.0.0/0 -j ACCEPT\" is not a CIDR")
                .contains("Service default/lists: status.loadBalancer.ingress[0].ip: \"evil\" is not an IP address")
                .contains("EndpointSlice default/lists-slice: endpoints[0].addresses[0]: \"66.66.66.666\"")
                .contains("Service default/cluster-ip: spec.clusterIP: \"10.96.0.3 -j ACCEPT\" is not an IP address");
        assertThat(rules())
                .contains("-d 198.51.100.1/32")
                .contains("-d 203.0.113.1/32")
                .contains("-s 192.0.2.0/24")
                .contains("--to-destination 10.244.0.6:8080");
        assertUntouched(log, 2);
    }

    @Test
    void bytesThatAreNoUtf8AreToldAndDoNoHarm() throws Exception {
        var bytes = service("utf-NAME", "10.96.0.2", port("http", 80)).getBytes(StandardCharsets.ISO_8859_1);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("NAME");
        bytes[at] = (byte) 0xff;
        bytes[at + 1] = (byte) 0xc0;
        bytes[at + 2] = (byte) '"';
        Files.write(folder.resolve("manifests/broken.json"), bytes);
        var name = service("utf-NAME", "10.96.0.2", port("http", 80)).getBytes(StandardCharsets.ISO_8859_1);
        name[at] = (byte) 0xff;
        Files.write(folder.resolve("manifests/name.json"), name);
        String log = once();
        assertThat(log)
                .contains("broken.json: line 1: invalid UTF-8; save the file as UTF-8")
                .contains("name.json: line 1: invalid UTF-8; save the file as UTF-8");
        assertUntouched(log, 1);
    }

    @Test
    void aThousandPortsAndTenThousandEndpointsAreServed() throws Exception {
        manifest(service(
                "wide",
                "10.96.0.2",
                IntStream.rangeClosed(1, 1000)
                        .mapToObj(i -> port("p" + i, 1000 + i))
                        .collect(Collectors.joining(","))));
        manifest(slice("wide", "p1", List.of("10.244.0.6")));
        manifest(service("deep", "10.96.0.3", port("http", 80)));
        manifest(slice(
                "deep",
                "http",
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "10.200." + i / 250 + "." + (1 + i % 250))
                        .toList()));
        String log = once();
        assertThat(log).contains("services=3 endpoints=10002 ");
        var rules = rules();
        assertThat(rules.lines().filter(line -> line.contains("default/wide:") && line.contains("has no endpoints")))
                .hasSize(999);
        assertThat(rules.lines().filter(line -> line.startsWith(":KUBE-SEP-"))).hasSize(10_002);
        assertThat(rules).contains("--to-destination 10.200.39.250:8080").contains(GOOD_RULE);
    }

    private void manifest(String json) throws IOException {
        Files.writeString(folder.resolve("manifests/m%03d.json".formatted(files++)), json);
    }

    private static String port(String name, int number) {
        return "{\"name\":\"" + name + "\",\"port\":" + number + ",\"protocol\":\"TCP\"}";
    }

    private static String service(String name, String clusterIp, String ports) {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                "spec":{"clusterIP":"%s","ports":[%s]}}""".formatted(name, clusterIp, ports);
    }

    private static String slice(String service, String port, List<String> addresses) {
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"namespace":"default","name":"%s-slice",
                "labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4","ports":[{"name":"%s","port":8080}],
                "endpoints":[%s]}""".formatted(
                        service,
                        service,
                        port,
                        addresses.stream()
                                .map(address -> "{\"addresses\":[\"" + address + "\"]}")
                                .collect(Collectors.joining(",")));
    }

    /** One sync, which must succeed; its log. */
    private String once() throws Exception {
        try (var daemon = Daemon.start(
                namespace,
                Backend.NFT,
                folder,
                List.of(
                        "proxy",
                        "--once",
                        "--hostname-override",
                        "node1",
                        "--manifests",
                        folder.resolve("manifests").toString()))) {
            int status = daemon.awaitEnd(Duration.ofSeconds(60));
            assertThat(status).as(daemon.log()).isZero();
            return unquoted(daemon.log());
        }
    }

    /** Messages are quoted in a log line, as in kube-proxy's. */
    private static String unquoted(String log) {
        return ESCAPED.matcher(log).replaceAll("$1");
    }

    private String rules() {
        return namespace.exec("iptables-nft-save");
    }

    /** @param services that have rules, the good one with them */
    private void assertUntouched(String log, int services) {
        var saved = rules();
        assertThat(saved).contains(GOOD_RULE).contains("--to-destination 10.244.0.5:8080");
        assertThat(Stream.of(saved, namespace.exec("ip6tables-nft-save")).flatMap(String::lines))
                .noneMatch(line -> INJECTED.matcher(line).find())
                .allMatch(line -> !line.startsWith(":") || CHAIN.matcher(line).matches());
        assertThat(saved.lines()
                        .filter(line -> line.contains("cluster IP\"") && line.startsWith("-A KUBE-SERVICES"))
                        .count())
                .isEqualTo(services);
        assertThat(Set.of(saved.split("-A INPUT", -1))).as("our own jumps only").hasSize(5);
        assertThat(log).doesNotContain("Exception").doesNotContain("\tat ");
    }
}
