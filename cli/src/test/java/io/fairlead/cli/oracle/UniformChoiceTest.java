package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.oracle.OracleFlow.Place;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Tracer;
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
import io.fairlead.proxy.config.ProxyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In nftables mode every endpoint gets the same share of real packets, however many there are: with 1,000 packets for each, a
 * share that is off by a fifth is noticed, and a true one fails the test once in 10⁹ times.
 */
@Tag("kernel")
class UniformChoiceTest {

    private static final int PER_ENDPOINT = 1_000;
    private static final int MOST = 40_000;
    private static final int PORT = 80;

    private static OracleLab lab;

    @BeforeAll
    static void open() {
        lab = new OracleLab();
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 2", "IPV6, 3", "IPV4, 5", "IPV6, 7", "IPV4, 16", "IPV6, 50"})
    void everyEndpointGetsTheSameShare(IpFamily family, int endpoints) throws Exception {
        lab.loadNftables(family, cluster(family, endpoints));
        assertThat(problems(family, cluster(family, endpoints))).isEmpty();
    }

    @Test
    void anEndpointTooManyOrTooFewIsNoticed() throws Exception {
        lab.loadNftables(IpFamily.IPV4, cluster(IpFamily.IPV4, 5));
        assertThat(problems(IpFamily.IPV4, cluster(IpFamily.IPV4, 6)))
                .singleElement()
                .asString()
                .contains("the kernel never does")
                .contains("10.244.0.6");
        assertThat(problems(IpFamily.IPV4, cluster(IpFamily.IPV4, 4)))
                .singleElement()
                .asString()
                .contains("the kernel does")
                .contains("10.244.0.5");
    }

    private static List<String> problems(IpFamily family, OracleCluster cluster) throws Exception {
        var tracer = new Tracer(OracleLab.host(), List.of(NftablesRules.of(cluster.nftables(family), family)));
        boolean four = family == IpFamily.IPV4;
        var client = IpAddress.parse(four ? "203.0.113.1" : "2001:db8:113::1");
        var flow = new OracleFlow(Place.OUTSIDE, CraftedPacket.UDP, client, 100, clusterIp(family), PORT);
        return new FlowOracle(lab, PER_ENDPOINT, MOST).compare(family, tracer, List.of(flow));
    }

    private static IpAddress clusterIp(IpFamily family) {
        return IpAddress.parse(family == IpFamily.IPV4 ? "10.96.0.10" : "fd00:10:96::10");
    }

    private static OracleCluster cluster(IpFamily family, int endpointCount) {
        var name = new NamespacedName("default", "web");
        var endpoints = new ArrayList<Endpoint>();
        for (int i = 1; i <= endpointCount; i++) {
            var address = IpAddress.parse(family == IpFamily.IPV4 ? "10.244.0." + i : "fd00:10:244::" + i);
            endpoints.add(new Endpoint(address, true, true, false, Optional.of("k8s2"), Set.of(), Set.of()));
        }
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        delta.replay(new ClusterChange.ServiceSet(new Service(
                name,
                List.of(clusterIp(family)),
                List.of(new ServicePort("", Protocol.UDP, PORT, 0)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0)));
        delta.replay(new ClusterChange.SliceSet(new EndpointSlice(
                new NamespacedName("default", "web-1"),
                name,
                family,
                List.of(new EndpointPort("", Protocol.UDP, 8080)),
                endpoints,
                Optional.empty())));
        return new OracleCluster(ProxyConfig.DEFAULT.withPlatformDefaults(), delta.apply());
    }
}
