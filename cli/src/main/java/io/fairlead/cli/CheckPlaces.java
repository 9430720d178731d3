package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.health.CheckAddresses;
import io.fairlead.proxy.node.MachineAddresses;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this machine answers health checks of Services: on its node-port addresses, once the Node is known. */
final class CheckPlaces {

    private static final Logger log = LoggerFactory.getLogger(CheckPlaces.class);

    private final ProxyConfig config;
    private volatile NodeIps nodeIps;

    CheckPlaces(ProxyConfig config) {
        this.config = config;
        nodeIps = NodeIps.detect(config.bindAddress(), List.of());
    }

    void nodeIs(Optional<Node> node) {
        nodeIps = NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
    }

    CheckAddresses of(IpFamily family) {
        var addresses = NodePortAddresses.of(config.nodePortAddresses(), nodeIps, family);
        if (addresses.matchAll()) {
            return CheckAddresses.ALL;
        }
        try {
            return new CheckAddresses(false, addresses.matching(MachineAddresses.list()));
        } catch (SocketException e) {
            log.atError()
                    .addKeyValue("ipFamily", family)
                    .addKeyValue("err", e)
                    .log("Failed to get node ip address matching node port addresses, health check port will listen to"
                            + " all node addresses");
            return CheckAddresses.ALL;
        }
    }
}
