package io.fairlead.cli.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.nftables.NftRendering;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.nftables.NftablesKernel;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adoption, repair and take-over, with nft itself as somebody else. */
@Tag("kernel")
class NftablesDataplaneKernelTest {

    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final NamespacedName STICKY = new NamespacedName("default", "sticky");
    private static final IpAddress NODE = IpAddress.parse("192.168.0.2");

    private static final String BASE_CHAINS = """
            add table ip kube-proxy
            delete chain ip kube-proxy nat-prerouting
            delete chain ip kube-proxy nat-output
            add chain ip kube-proxy nat-prerouting { type nat hook prerouting priority -100 ; }
            add chain ip kube-proxy nat-output { type nat hook output priority -100 ; }
            flush chain ip kube-proxy services
            add rule ip kube-proxy nat-prerouting jump services
            add rule ip kube-proxy nat-output jump services
            add rule ip kube-proxy services ip daddr . meta l4proto . th dport vmap @service-ips
            """;

    private final NetworkNamespace namespace = NetworkNamespace.create("nftables");

    @AfterEach
    void removeNamespace() {
        namespace.close();
    }

    @Test
    void aRestartWritesNothingAndAffinityLivesOn() throws Exception {
        apply(dataplane(IpFamily.IPV4), cluster(IpFamily.IPV4, 3));
        var set = nft("list", "sets")
                .lines()
                .filter(line -> line.contains("affinity-"))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*(affinity-\\S+).*", "$1");
        nft("add", "element", "ip", "kube-proxy", set, "{ 10.9.9.9 }");
        int before = generation();

        var result = apply(dataplane(IpFamily.IPV4), cluster(IpFamily.IPV4, 3));

        assertThat(generation()).as("transactions since").isEqualTo(before);
        assertThat(result.rulesWritten()).isZero();
        assertThat(nft("list", "set", "ip", "kube-proxy", set)).contains("10.9.9.9");
    }

    @Test
    void anEndpointInThePlaceOfAnotherIsOneElement() throws Exception {
        var dataplane = dataplane(IpFamily.IPV4);
        apply(dataplane, cluster(IpFamily.IPV4, 3));
        var same = List.of("10.244.0.1", "10.244.0.2", "10.244.0.3");
        var other = cluster(IpFamily.IPV4, List.of("10.244.0.1", "10.244.0.77", "10.244.0.3"), same);
        var result = namespace.call(() -> dataplane.apply(other, Set.of(WEB), false));
        assertThat(result.rulesWritten()).as("cluster IP and node port").isEqualTo(2);
        assertThat(result.rulesDeleted()).isZero();
        assertNothingDiffers(dataplane, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete element ip kube-proxy service-ips { 10.96.0.10 . tcp . 80 }",
                "flush map ip kube-proxy service-endpoints",
                "flush chain ip kube-proxy services",
                "add element ip kube-proxy cluster-ips { 10.96.9.9 }",
                "add element ip kube-proxy service-endpoints { 10.96.0.10 . tcp . 80 . 7 : 10.244.0.1 . 8080 }",
                "flush chain ip kube-proxy pick/3",
                "insert rule ip kube-proxy nat-output accept",
                "delete table ip kube-proxy"
            })
    void somebodyElsesChangeIsHeardOfNamedAndMended(String change) throws Exception {
        var dataplane = dataplane(IpFamily.IPV4);
        var table = cluster(IpFamily.IPV4, 3);
        var disturbed = new LinkedBlockingQueue<String>();
        dataplane.watch(() -> disturbed.add("disturbed"));
        apply(dataplane, table);
        nft(change.split(" "));

        assertThat(disturbed.poll(5, TimeUnit.SECONDS)).isNotNull();
        var findings = new ArrayList<Finding>();
        namespace.call(() -> {
            dataplane.audit(table, findings::add);
            return 0;
        });
        assertThat(findings).isNotEmpty();
        var result = namespace.call(() -> dataplane.apply(table, Set.of(), false));
        assertThat(result.mended()).isNotEmpty();
        assertNothingDiffers(dataplane, table);
    }

    /**
     * Base chains made anew, its own chains for a Service that was ours, and every chain emptied that has a slash in its name and
     * is not its own: what kube-proxy does to our table when it starts, and again and again afterwards.
     */
    @Test
    void whatKubeProxyDoesToOurTableIsUndoneAsLongAsWeRun() throws Exception {
        var dataplane = dataplane(IpFamily.IPV4);
        var table = cluster(IpFamily.IPV4, 3);
        var disturbed = new LinkedBlockingQueue<String>();
        dataplane.watch(() -> disturbed.add("disturbed"));
        apply(dataplane, table);
        var services = """
                delete element ip kube-proxy service-ips { 10.96.0.10 . tcp . 80 }
                add chain ip kube-proxy service-ABCDEFGH-default/web/tcp/
                flush chain ip kube-proxy service-ABCDEFGH-default/web/tcp/
                add element ip kube-proxy service-ips { 10.96.0.10 . tcp . 80 : goto service-ABCDEFGH-default/web/tcp/ }
                add rule ip kube-proxy service-ABCDEFGH-default/web/tcp/ meta l4proto tcp dnat to 10.244.0.9:8080
                flush chain ip kube-proxy pick/3
                flush chain ip kube-proxy nodeport-pick/3
                flush chain ip kube-proxy nodeport-external/3
                """;
        for (var script : List.of(BASE_CHAINS + services, services)) {
            namespace.execWithInput(script, "nft", "-f", "-");

            assertThat(disturbed.poll(5, TimeUnit.SECONDS)).isNotNull();
            var result = namespace.call(() -> dataplane.apply(table, Set.of(), false));
            assertThat(result.mended())
                    .contains(
                            "chain pick/3 has other rules",
                            "element 10.96.0.10 . tcp . 80 of service-ips has another value");
            assertNothingDiffers(dataplane, table);
            disturbed.clear();
        }
    }

    @Test
    void aChainThatSomebodyElsesRuleKeepsFailsTheCleanupAndNotTheSync() throws Exception {
        var dataplane = dataplane(IpFamily.IPV4);
        apply(dataplane, cluster(IpFamily.IPV4, 3));
        nft("add", "chain", "ip", "kube-proxy", "elsewhere");
        nft("add", "rule", "ip", "kube-proxy", "elsewhere", "jump", "pick/3");
        var next = cluster(IpFamily.IPV4, 4);
        assertThat(apply(dataplane, next).cleanupFailed()).isTrue();
        nft("flush", "chain", "ip", "kube-proxy", "elsewhere");
        assertThat(apply(dataplane, next).cleanupFailed()).isFalse();
        assertThat(nft("list", "table", "ip", "kube-proxy")).doesNotContain("chain pick/3 ");
        assertNothingDiffers(dataplane, next);
    }

    @Test
    void aTableThatWentUnnoticedIsMadeAgainByTheNextChange() throws Exception {
        var dataplane = dataplane(IpFamily.IPV4);
        apply(dataplane, cluster(IpFamily.IPV4, 3));
        nft("delete", "table", "ip", "kube-proxy");
        var next = cluster(IpFamily.IPV4, 4);
        var result = namespace.call(() -> dataplane.apply(next, Set.of(WEB), false));
        assertThat(result.drifted()).isTrue();
        assertNothingDiffers(dataplane, next);
    }

    @Test
    void whatKubeProxyLeftIsTakenOver() throws Exception {
        var left = """
                table ip kube-proxy {
                  set cluster-ips { type ipv4_addr; elements = { 10.96.0.10, 10.96.7.7 }; }
                  map service-ips {
                    type ipv4_addr . inet_proto . inet_service : verdict
                    elements = { 10.96.0.10 . tcp . 80 : goto service-ABCDEFGH-default/web/tcp/ }
                  }
                  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
                  chain nat-output { type nat hook output priority -100; jump services; }
                  chain service-ABCDEFGH-default/web/tcp/ { meta l4proto tcp dnat to 10.244.0.9:80; }
                }
                """;
        namespace.execWithInput(left, "nft", "-f", "-");
        var dataplane = dataplane(IpFamily.IPV4);
        var table = cluster(IpFamily.IPV4, 2);
        apply(dataplane, table);
        assertThat(nft("list", "ruleset")).doesNotContain("service-ABCDEFGH").doesNotContain("10.96.7.7");
        assertNothingDiffers(dataplane, table);
    }

    @ParameterizedTest
    @EnumSource
    void whatNftPrintsLoadsAgainAndIsEqual(IpFamily family) throws Exception {
        var dataplane = dataplane(family);
        var table = cluster(family, 3);
        apply(dataplane, table);
        var printed = nft("list", "ruleset");
        nft("flush", "ruleset");
        namespace.execWithInput(printed, "nft", "-f", "-");
        assertThat(nft("list", "ruleset")).isEqualTo(printed);
        assertNothingDiffers(dataplane, table);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRenderedLoadsAndIsWhatASyncWouldWrite(IpFamily family) throws Exception {
        var table = cluster(family, 3);
        var settings = settings(family).withMachineAddresses(List.of(NODE));
        var text = NftPrinter.print(new NftRendering(table, settings).appliedToEmptyKernel());
        namespace.execWithInput(text, "nft", "-f", "-");
        assertNothingDiffers(dataplane(family), table);
    }

    private Dataplane dataplane(IpFamily family) throws IOException {
        return namespace.call(() -> new NftablesKernel().dataplane(settings(family), () -> List.of(NODE)));
    }

    private static NftSettings settings(IpFamily family) {
        var config = ProxyConfig.DEFAULT.withPlatformDefaults();
        return NftSettings.of(config, NodeIps.detect("", List.of(NODE)), List.of(), family);
    }

    private SyncResult apply(Dataplane dataplane, RoutingTable table) throws Exception {
        return namespace.call(() -> dataplane.apply(table, Set.of(), true));
    }

    private void assertNothingDiffers(Dataplane dataplane, RoutingTable table) throws Exception {
        var findings = new ArrayList<Finding>();
        namespace.call(() -> {
            dataplane.audit(table, findings::add);
            return 0;
        });
        assertThat(findings).isEmpty();
    }

    private int generation() throws IOException {
        return namespace.call(() -> {
            try (var nftables = Nftables.open()) {
                return nftables.generation();
            }
        });
    }

    private String nft(String... arguments) {
        var command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(arguments));
        return namespace.exec(command.toArray(String[]::new));
    }

    /** Endpoints 10.244.0.1 and on. */
    private static RoutingTable cluster(IpFamily family, int endpoints) {
        var addresses = new ArrayList<String>();
        for (int i = 1; i <= endpoints; i++) {
            addresses.add(family == IpFamily.IPV4 ? "10.244.0." + i : "fd00:244::" + i);
        }
        return cluster(family, addresses, addresses);
    }

    /** A Service with a node port, and one with affinity, source ranges and policy Local. */
    private static RoutingTable cluster(IpFamily family, List<String> web, List<String> sticky) {
        boolean v4 = family == IpFamily.IPV4;
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        delta.replay(new ClusterChange.ServiceSet(new Service(
                WEB,
                List.of(IpAddress.parse(v4 ? "10.96.0.10" : "fd00:96::10")),
                List.of(new ServicePort("", Protocol.TCP, 80, 30080)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0)));
        delta.replay(new ClusterChange.ServiceSet(new Service(
                STICKY,
                List.of(IpAddress.parse(v4 ? "10.96.0.11" : "fd00:96::11")),
                List.of(new ServicePort("", Protocol.UDP, 53, 30053)),
                List.of(),
                List.of(IpAddress.parse(v4 ? "203.0.113.1" : "2001:db8::1")),
                List.of(
                        IpPrefix.parse(v4 ? "192.0.2.0/24" : "2001:db8:2::/64"),
                        IpPrefix.parse(v4 ? "198.51.100.0/25" : "2001:db8:3::/65")),
                10_800,
                true,
                false,
                0)));
        delta.replay(new ClusterChange.SliceSet(slice(WEB, family, web)));
        delta.replay(new ClusterChange.SliceSet(slice(STICKY, family, sticky)));
        return new Router(family, "node-1", true).route(delta.apply());
    }

    private static EndpointSlice slice(NamespacedName service, IpFamily family, List<String> addresses) {
        var endpoints = new ArrayList<Endpoint>();
        for (var address : addresses) {
            endpoints.add(new Endpoint(
                    IpAddress.parse(address),
                    true,
                    true,
                    false,
                    Optional.of(endpoints.isEmpty() ? "node-1" : "node-2"),
                    Set.of(),
                    Set.of()));
        }
        return new EndpointSlice(
                new NamespacedName(service.namespace(), service.name() + "-1"),
                service,
                family,
                List.of(new EndpointPort("", service.equals(WEB) ? Protocol.TCP : Protocol.UDP, 8080)),
                endpoints,
                Optional.empty());
    }
}
