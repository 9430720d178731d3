package io.fairlead.lab.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.netfilter.ip.IpAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as the Kubernetes DNS specification has them. */
class DnsZoneTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store = ObjectStore.create();
    private final DnsZone zone = new DnsZone(store, "cluster.local");

    @BeforeEach
    void objects() throws Exception {
        put("""
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}}""");
        put("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"web"},
                 "spec":{"clusterIP":"10.96.0.7","clusterIPs":["10.96.0.7","fd00:10:96::7"],
                  "ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""");
        put("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"db"},
                 "spec":{"clusterIP":"None","ports":[{"name":"sql","port":5432,"protocol":"TCP"}]}}""");
        put("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"namespace":"default","name":"db-1","labels":{"kubernetes.io/service-name":"db"}},
                 "ports":[{"name":"sql","port":5433,"protocol":"TCP"}],
                 "endpoints":[{"addresses":["10.244.1.2"],"hostname":"db-0","conditions":{"ready":true}},
                              {"addresses":["10.244.1.3"],"conditions":{"ready":true}},
                              {"addresses":["10.244.1.4"],"conditions":{"ready":false}}]}""");
        put("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"elsewhere"},
                 "spec":{"type":"ExternalName","externalName":"example.org"}}""");
    }

    private void put(String object) throws Exception {
        store.put((ObjectNode) JSON.readTree(object));
    }

    private DnsAnswer ask(String name, int type) {
        return zone.answer(DnsName.of(name), type);
    }

    private static DnsRecord address(String name, String address) {
        return DnsRecord.address(DnsName.of(name), IpAddress.parse(address));
    }

    @Test
    void aServiceHasItsClusterIpOfEachFamily() {
        String name = "web.default.svc.cluster.local";
        assertThat(ask(name, DnsType.A).answers()).containsExactly(address(name, "10.96.0.7"));
        assertThat(ask(name, DnsType.AAAA).answers()).containsExactly(address(name, "fd00:10:96::7"));
        assertThat(ask(name, DnsType.ANY).answers()).hasSize(2);
    }

    @Test
    void caseDoesNotMatterAndIsGivenBack() {
        String name = "WEB.Default.SVC.cluster.LOCAL";
        assertThat(ask(name, DnsType.A).answers()).containsExactly(address(name, "10.96.0.7"));
    }

    @Test
    void aHeadlessServiceHasTheAddressesOfReadyEndpoints() {
        String name = "db.default.svc.cluster.local";
        assertThat(ask(name, DnsType.A).answers())
                .containsExactlyInAnyOrder(address(name, "10.244.1.2"), address(name, "10.244.1.3"));
    }

    @Test
    void endpointsOfAHeadlessServiceHaveNames() {
        String named = "db-0.db.default.svc.cluster.local";
        String dashed = "10-244-1-3.db.default.svc.cluster.local";
        assertThat(ask(named, DnsType.A).answers()).containsExactly(address(named, "10.244.1.2"));
        assertThat(ask(dashed, DnsType.A).answers()).containsExactly(address(dashed, "10.244.1.3"));
    }

    @Test
    void portsHaveServiceRecordsWithTheEndpointsOwnPorts() {
        String clusterIp = "_http._tcp.web.default.svc.cluster.local";
        assertThat(ask(clusterIp, DnsType.SRV).answers())
                .containsExactly(DnsRecord.srv(DnsName.of(clusterIp), 80, DnsName.of("web.default.svc.cluster.local")));
        String headless = "_sql._tcp.db.default.svc.cluster.local";
        assertThat(ask(headless, DnsType.SRV).answers())
                .containsExactlyInAnyOrder(
                        DnsRecord.srv(DnsName.of(headless), 5433, DnsName.of("db-0.db.default.svc.cluster.local")),
                        DnsRecord.srv(
                                DnsName.of(headless), 5433, DnsName.of("10-244-1-3.db.default.svc.cluster.local")));
        assertThat(ask("_sql._udp.db.default.svc.cluster.local", DnsType.SRV).code())
                .isEqualTo(DnsAnswer.NAME_ERROR);
    }

    @Test
    void anExternalNameIsAnAlias() {
        String name = "elsewhere.default.svc.cluster.local";
        assertThat(ask(name, DnsType.A).answers())
                .containsExactly(DnsRecord.cname(DnsName.of(name), DnsName.of("example.org")));
    }

    @Test
    void podsHaveTheirAddressAsAName() {
        String name = "10-244-3-38.default.pod.cluster.local";
        assertThat(ask(name, DnsType.A).answers()).containsExactly(address(name, "10.244.3.38"));
        assertThat(ask("10-244-3-38.nowhere.pod.cluster.local", DnsType.A).code())
                .isEqualTo(DnsAnswer.NAME_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7.0.96.10.in-addr.arpa",
                "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa"
            })
    void clusterIpsHaveNames(String name) {
        assertThat(ask(name, DnsType.PTR).answers())
                .containsExactly(DnsRecord.ptr(DnsName.of(name), DnsName.of("web.default.svc.cluster.local")));
    }

    @Test
    void endpointsOfHeadlessServicesHaveNamesBack() {
        String name = "2.1.244.10.in-addr.arpa";
        assertThat(ask(name, DnsType.PTR).answers())
                .containsExactly(DnsRecord.ptr(DnsName.of(name), DnsName.of("db-0.db.default.svc.cluster.local")));
        assertThat(ask("9.9.244.10.in-addr.arpa", DnsType.PTR).code()).isEqualTo(DnsAnswer.NAME_ERROR);
    }

    @Test
    void anAbsentTypeIsNoErrorAndAnAbsentNameIs() {
        var noType = ask("web.default.svc.cluster.local", DnsType.TXT);
        assertThat(noType.code()).isEqualTo(DnsAnswer.NO_ERROR);
        assertThat(noType.answers()).isEmpty();
        assertThat(noType.authority()).extracting(DnsRecord::type).containsExactly(DnsType.SOA);
        var noName = ask("nothing.default.svc.cluster.local", DnsType.A);
        assertThat(noName.code()).isEqualTo(DnsAnswer.NAME_ERROR);
        assertThat(noName.authority()).extracting(DnsRecord::type).containsExactly(DnsType.SOA);
    }

    @Test
    void otherZonesAreRefused() {
        assertThat(ask("example.org", DnsType.A).code()).isEqualTo(DnsAnswer.REFUSED);
    }

    @Test
    void aChangeIsSeenAtOnce() throws Exception {
        put("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"late"},
                 "spec":{"clusterIP":"10.96.0.8","clusterIPs":["10.96.0.8"]}}""");
        assertThat(ask("late.default.svc.cluster.local", DnsType.A).answers()).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotFitSaysSo() throws Exception {
        var endpoints = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            endpoints
                    .append(i == 0 ? "" : ",")
                    .append("{\"addresses\":[\"10.244.9.")
                    .append(i)
                    .append("\"]}");
        }
        put("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"namespace":"default","name":"db-2","labels":{"kubernetes.io/service-name":"db"}},
                 "ports":[],"endpoints":[%s]}""".formatted(endpoints));
        var query = DnsQuery.parse(question("db.default.svc.cluster.local", DnsType.A))
                .orElseThrow();
        var small = ByteBuffer.wrap(query.answer(zone, query.udpSize()));
        assertThat(small.limit()).isLessThanOrEqualTo(512);
        assertThat(small.getShort(2) & 0x0200).as("TC").isNotZero();
        var whole = ByteBuffer.wrap(query.answer(zone, 65_535));
        assertThat(whole.getShort(6)).as("answers").isEqualTo((short) 102);
    }

    @Test
    void brokenMessagesAreAnsweredWithAnErrorOrNotAtAll() {
        var truncated = question("web.default.svc.cluster.local", DnsType.A);
        truncated.limit(truncated.limit() - 5);
        var answer = DnsQuery.parse(truncated).orElseThrow().answer(zone, 512);
        assertThat(answer[3] & 0xf).isEqualTo(DnsAnswer.FORMAT_ERROR);
        assertThat(DnsQuery.parse(ByteBuffer.wrap(new byte[5]))).isEmpty();
        var response = question("web.default.svc.cluster.local", DnsType.A);
        response.put(2, (byte) 0x80);
        assertThat(DnsQuery.parse(response)).as("an answer is never answered").isEmpty();
    }

    @Test
    void anyBytesAreSurvived() {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            DnsQuery.parse(ByteBuffer.wrap(bytes))
                    .ifPresent(query -> assertThat(query.answer(zone, 512)).hasSizeGreaterThanOrEqualTo(12));
        }
    }

    private static ByteBuffer question(String name, int type) {
        var message = ByteBuffer.allocate(512);
        message.putShort((short) 7).putShort((short) 0x0100);
        message.putShort((short) 1).putShort((short) 0).putInt(0);
        message.put(DnsName.of(name).bytes());
        message.putShort((short) type).putShort((short) 1);
        return message.flip();
    }

    @Test
    void anAliasThatCannotBeOnTheWireIsLeftOut() throws Exception {
        put("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"bad"},
                 "spec":{"type":"ExternalName","externalName":"%s"}}""".formatted("x".repeat(64)));
        assertThat(ask("bad.default.svc.cluster.local", DnsType.A).answers()).isEmpty();
    }
}
