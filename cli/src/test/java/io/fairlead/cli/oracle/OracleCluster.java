package io.fairlead.cli.oracle;

import io.fairlead.cli.goldens.Golden;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.ConfigReader;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.iptables.Rendering;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.nftables.NftRendering;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A cluster, and the rules that the node of {@link OracleLab} gets for it in either mode. */
record OracleCluster(ProxyConfig config, ClusterImage image) {

    static OracleCluster of(Golden golden) {
        var config = ConfigReader.parse(golden.config());
        var objects = new ByteArrayInputStream(golden.objects().getBytes(StandardCharsets.UTF_8));
        try {
            var delta = new ClusterDelta(ClusterImage.EMPTY);
            ManifestSource.readOnce(List.of(Path.of("-")), config.hostnameOverride(), objects, _ -> {})
                    .forEach(delta::replay);
            return new OracleCluster(config, delta.apply());
        } catch (ManifestException e) {
            throw new IllegalStateException(e);
        }
    }

    RoutingTable routing(IpFamily family) {
        return new Router(family, config.hostnameOverride(), config.externalIpsAllowed()).route(image);
    }

    Ruleset iptables(IpFamily family) {
        var settings = RuleSettings.of(
                        config.inMode(ProxyMode.IPTABLES),
                        nodeIps(),
                        image.node().map(Node::podCidrs).orElse(List.of()),
                        family,
                        true,
                        !config.conntrack().tcpBeLiberal())
                .withMachineAddresses(OracleLab.machine());
        return new Rendering(routing(family), settings).appliedToEmptyKernel();
    }

    TableImage nftables(IpFamily family) {
        var settings = nftSettings(family).withMachineAddresses(OracleLab.machine());
        return new NftRendering(routing(family), settings).appliedToEmptyKernel();
    }

    NftSettings nftSettings(IpFamily family) {
        var podCidrs = image.node().map(Node::podCidrs).orElse(List.of());
        return NftSettings.of(config.inMode(ProxyMode.NFTABLES), nodeIps(), podCidrs, family);
    }

    NodeIps nodeIps() {
        return NodeIps.detect(
                config.bindAddress(), image.node().map(Node::addresses).orElse(List.of()));
    }

    /** Clients that were seen before keep their endpoint, so what one packet does depends on those before it. */
    boolean remembersClients() {
        return image.services().values().stream().anyMatch(service -> service.affinitySeconds() > 0);
    }
}
