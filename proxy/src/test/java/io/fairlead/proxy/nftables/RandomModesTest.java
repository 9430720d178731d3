package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.RandomCluster;
import io.fairlead.proxy.config.ConfigReader;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.routing.Router;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random Services under random settings: packets fare alike in both modes, but for the documented differences. */
class RandomModesTest {

    private static final int CLUSTERS = 12;
    private static final int PROBES = 200;

    private static final List<IpAddress> NODE_IPS =
            List.of(IpAddress.parse("192.168.0.2"), IpAddress.parse("fd00:aa::2"));

    @Test
    void packetsFareAlikeButForWhatIsDocumented() throws Exception {
        var unexplained = new ArrayList<String>();
        var met = EnumSet.noneOf(ModeDifference.class);
        for (int seed = 0; seed < CLUSTERS; seed++) {
            var random = new Random(seed);
            var config = config(random);
            var image = image(seed, random.nextBoolean());
            for (var family : IpFamily.values()) {
                var modes = modes(config, image, family);
                for (var difference : modes.differences(probes(modes, random))) {
                    difference.reason().ifPresentOrElse(met::add, () -> unexplained.add(difference.toString()));
                }
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(met)
                .as("differences that occur; the other one does in GoldenModesTest")
                .containsAll(EnumSet.complementOf(EnumSet.of(ModeDifference.HAIRPIN_OF_AN_ENDPOINT_ELSEWHERE)));
    }

    private static ProxyConfig config(Random random) {
        var lines = new ArrayList<String>();
        lines.add("apiVersion: kubeproxy.config.k8s.io/v1alpha1");
        lines.add("kind: KubeProxyConfiguration");
        switch (random.nextInt(4)) {
            case 0 -> lines.add("clusterCIDR: 10.244.0.0/16,fd00:244::/48");
            case 1 -> lines.addAll(List.of("detectLocalMode: BridgeInterface", "detectLocal: {bridgeInterface: cni0}"));
            case 2 ->
                lines.addAll(
                        List.of("detectLocalMode: InterfaceNamePrefix", "detectLocal: {interfaceNamePrefix: veth}"));
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            lines.add("iptables: {masqueradeAll: true}");
            lines.add("nftables: {masqueradeAll: true}");
        }
        switch (random.nextInt(4)) {
            case 0 -> lines.add("nodePortAddresses: [primary]");
            case 1 -> lines.add("nodePortAddresses: [0.0.0.0/0, '::/0']");
            case 2 -> lines.add("nodePortAddresses: [192.168.0.0/24, 'fd00:bb::/64']");
            default -> {}
        }
        return ConfigReader.parse(String.join("\n", lines) + "\n");
    }

    private static ClusterImage image(long seed, boolean withServiceCidr) {
        var cluster = new RandomCluster(seed);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        for (int i = 0; i < 20; i++) {
            cluster.changes().forEach(delta::replay);
        }
        if (withServiceCidr) {
            delta.replay(new ClusterChange.ServiceCidrSet(
                    "kubernetes", List.of(IpPrefix.parse("10.96.0.0/16"), IpPrefix.parse("fd00:96::/108"))));
        }
        return delta.apply();
    }

    private static BothModes modes(ProxyConfig config, ClusterImage image, IpFamily family) throws DataplaneException {
        var machine = new LinkedHashSet<>(
                Probe.addresses(family, "127.0.0.1", "192.168.0.2", "172.20.0.2", "::1", "fd00:aa::2", "fd00:bb::2"));
        return BothModes.of(
                config,
                NodeIps.detect(config.bindAddress(), NODE_IPS),
                List.of(),
                machine,
                new Router(family, RandomCluster.THIS_NODE, true).route(image));
    }

    private static List<Probe> probes(BothModes modes, Random random) {
        var family = modes.family();
        var all = new ArrayList<>(Probe.all(
                modes,
                Probe.addresses(family, "203.0.113.5", "192.168.7.9", "198.18.0.1", "fd00:c::5", "2001:db8::1"),
                Probe.addresses(family, "10.244.0.77", "fd00:244::77"),
                IpAddress.parse(family == IpFamily.IPV4 ? "10.96.200.200" : "fd00:96::c8c8")));
        Collections.shuffle(all, random);
        return all.subList(0, Math.min(PROBES, all.size()));
    }
}
