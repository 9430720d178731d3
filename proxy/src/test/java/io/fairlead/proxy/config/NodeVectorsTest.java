package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Upstream's own cases of what follows from a configuration once the Node is known. */
class NodeVectorsTest {

    private static final String SERVER = "config/server.json";
    private static final String UTIL = "proxy/util.json";

    @Test
    void nodeIps() throws IOException {
        Vectors.run(SERVER, Vectors.kind("detectNodeIPs"), vector -> {
            var addresses = VectorFiles.texts(vector.path("rawNodeIPs")).stream()
                    .map(IpAddress::parse)
                    .toList();
            var detected = NodeIps.detect(vector.path("bindAddress").asText(), addresses);
            assertThat(detected.primary())
                    .hasToString(vector.path("expectedFamily").asText());
            assertThat(detected.v4()).hasToString(vector.path("expectedIPv4").asText());
            assertThat(detected.v6()).hasToString(vector.path("expectedIPv6").asText());
        });
    }

    @Test
    void localDetectors() throws IOException {
        Vectors.run(SERVER, Vectors.kind("getLocalDetectors"), vector -> {
            var config = InternalConfig.of(vector.path("config")).detectLocal();
            for (var family : IpFamily.values()) {
                var detector = LocalDetector.of(config, prefixes(vector.path("nodePodCIDRs")), family);
                var expected = vector.path("expected").path(family.toString()).path("ifLocal");
                assertThat(match(detector)).isEqualTo(VectorFiles.texts(expected));
            }
        });
    }

    @Test
    void localDetectorKinds() throws IOException {
        Vectors.run(
                UTIL,
                Vectors.test("TestDetectLocalByCIDR"),
                vector -> assertThat(match(new LocalDetector.Cidr(
                                IpPrefix.parse(vector.path("cidr").asText()))))
                        .isEqualTo(VectorFiles.texts(vector.path("expectedIfLocalOutput"))));
        Vectors.run(
                UTIL,
                Vectors.test("TestDetectLocalByBridgeInterface"),
                vector -> assertThat(match(new LocalDetector.BridgeInterface(
                                vector.path("ifaceName").asText())))
                        .isEqualTo(VectorFiles.texts(vector.path("expectedJumpIfOutput"))));
        Vectors.run(
                UTIL,
                Vectors.test("TestDetectLocalByInterfaceNamePrefix"),
                vector -> assertThat(match(new LocalDetector.InterfaceNamePrefix(
                                vector.path("ifacePrefix").asText())))
                        .isEqualTo(VectorFiles.texts(vector.path("expectedJumpIfOutput"))));
    }

    private static List<String> match(LocalDetector detector) {
        return switch (detector) {
            case LocalDetector.None _ -> List.of();
            case LocalDetector.Cidr(var prefix) -> List.of("-s", prefix.toString());
            case LocalDetector.BridgeInterface(var name) -> List.of("-i", name);
            case LocalDetector.InterfaceNamePrefix(var prefix) -> List.of("-i", prefix + "+");
        };
    }

    @Test
    void openNodePorts() throws IOException {
        Vectors.run(
                SERVER,
                Vectors.kind("checkBadConfig"),
                vector -> assertThat(check(vector).openNodePorts()).isEqualTo(error(vector)));
    }

    @Test
    void wrongFamilies() throws IOException {
        // The two sourceVip vectors do not record the field they are about; FamilyCheckTest has the case.
        var recorded = Vectors.kind("checkBadIPConfig")
                .and(vector -> !vector.path("name").asText().contains("sourceVip"));
        Vectors.run(SERVER, recorded, vector -> {
            var finding = check(vector)
                    .wrongFamilies(vector.path("dualStackSupported").asBoolean());
            assertThat(finding.map(FamilyCheck.Finding::message)).isEqualTo(error(vector));
            assertThat(finding.map(FamilyCheck.Finding::fatal).orElse(false))
                    .isEqualTo(vector.path("expectFatal").asBoolean());
        });
    }

    private static FamilyCheck check(JsonNode vector) {
        var primary = vector.path("primaryIPFamily").asText().equals("IPv4") ? IpFamily.IPV4 : IpFamily.IPV6;
        var nodeIps = new NodeIps(primary, IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));
        return new FamilyCheck(
                InternalConfig.of(vector.path("config")), nodeIps, prefixes(vector.path("nodePodCIDRs")));
    }

    private static Optional<String> error(JsonNode vector) {
        return Optional.of(vector.path("resultError"))
                .filter(node -> !node.isNull())
                .map(JsonNode::asText);
    }

    @Test
    void ipv4Loopback() throws IOException {
        Vectors.run(
                UTIL,
                Vectors.test("TestContainsIPv4Loopback"),
                vector -> assertThat(NodePortAddresses.ofPrefixes(prefixes(vector.path("cidrStrings")), IpFamily.IPV4)
                                .containsIpv4Loopback())
                        .isEqualTo(vector.path("want").asBoolean()));
    }

    @Test
    void addressesNodePortsAnswerOn() throws IOException {
        Vectors.run(UTIL, Vectors.test("TestGetNodeIPs"), vector -> {
            var machine = VectorFiles.stream(vector.path("itfAddrsPairs"))
                    .flatMap(pair -> VectorFiles.stream(pair.path("addrs")))
                    .map(address -> IpAddress.parse(address.asText().replaceFirst("/.*", "")))
                    .toList();
            for (var family : IpFamily.values()) {
                var expected = vector.path("expected").path(family.toString());
                var addresses = NodePortAddresses.ofPrefixes(prefixes(vector.path("cidrs")), family);
                assertThat(addresses.matchAll())
                        .isEqualTo(expected.path("matchAll").asBoolean());
                assertThat(addresses.matching(machine))
                        .map(IpAddress::toString)
                        .containsExactlyInAnyOrderElementsOf(VectorFiles.texts(expected.path("ips")));
            }
        });
    }

    @Test
    void zeroPrefixes() throws IOException {
        Vectors.run(UTIL, Vectors.test("TestIsZeroCIDR"), vector -> {
            var prefix = IpPrefix.tryParse(vector.path("input").asText());
            assertThat(prefix.filter(p -> p.length() == 0).isPresent())
                    .isEqualTo(vector.path("expected").asBoolean());
        });
    }

    private static List<IpPrefix> prefixes(JsonNode texts) {
        return VectorFiles.texts(texts).stream()
                .map(IpPrefix::tryParse)
                .flatMap(Optional::stream)
                .toList();
    }
}
