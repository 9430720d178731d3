package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.iptables.Rendering;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.nftables.PacketFate.Distribution;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One cluster's rules in both modes.
 *
 * @param machine the node's addresses of this family, loopback included
 * @param iptables through our rules of iptables mode
 * @param nftables through our table
 */
record BothModes(RoutingTable routing, NftSettings settings, Set<IpAddress> machine, Tracer iptables, Tracer nftables) {

    /** @param config its mode does not count; settings that it leaves open are each mode's own */
    static BothModes of(
            ProxyConfig config, NodeIps nodeIps, List<IpPrefix> podCidrs, Set<IpAddress> machine, RoutingTable routing)
            throws DataplaneException {
        var family = routing.family();
        var ruleSettings = RuleSettings.of(config.inMode(ProxyMode.IPTABLES), nodeIps, podCidrs, family, true, true)
                .withMachineAddresses(machine);
        var settings = NftSettings.of(config.inMode(ProxyMode.NFTABLES), nodeIps, podCidrs, family)
                .withMachineAddresses(machine);
        var table = new ModelTable();
        new NftablesDataplane(table, settings, () -> machine, () -> 0).apply(routing, new HashSet<>(), true);
        return new BothModes(
                routing,
                settings,
                machine,
                tracer(machine, new Rendering(routing, ruleSettings).appliedToEmptyKernel()),
                new Tracer(host(machine), List.of(NftablesRules.of(table.image(), family))));
    }

    /** Through some listing, on the same machine. */
    static Tracer tracer(Set<IpAddress> machine, Ruleset rules) {
        return new Tracer(host(machine), List.of(IptablesRules.of(rules)));
    }

    private static Host host(Set<IpAddress> machine) {
        return Host.of(machine).withRoutes(_ -> Optional.of("eth0"));
    }

    IpFamily family() {
        return routing.family();
    }

    Stream<ServiceRouting> ports() {
        return routing.services().values().stream().flatMap(List::stream);
    }

    boolean isClusterIp(IpAddress address) {
        return ports().anyMatch(port -> port.clusterIp().equals(address));
    }

    boolean inServiceCidr(IpAddress address) {
        return routing.serviceCidrs().stream().anyMatch(cidr -> cidr.contains(address));
    }

    boolean isEndpointElsewhere(IpAddress address) {
        return ports().flatMap(port -> port.endpoints().all().stream())
                .anyMatch(endpoint -> endpoint.address().equals(address) && !endpoint.local());
    }

    boolean isNodePort(Probe probe) {
        return machine.contains(probe.destination())
                && nodePorts(probe).findAny().isPresent();
    }

    /** How many Service ports want this packet; one that names the address twice counts twice. */
    long claims(Probe probe) {
        long byAddress = ports().filter(probe::isTo)
                .flatMap(port -> Stream.of(List.of(port.clusterIp()), port.externalIps(), port.loadBalancerVips())
                        .flatMap(List::stream))
                .filter(probe.destination()::equals)
                .count();
        return byAddress
                + (machine.contains(probe.destination()) ? nodePorts(probe).count() : 0);
    }

    private Stream<ServiceRouting> nodePorts(Probe probe) {
        return ports().filter(port ->
                port.nodePort() == probe.port() && probe.isOf(port.name().protocol()));
    }

    /** In nftables mode. */
    boolean answersOn(IpAddress address) {
        return settings.nodePorts().matchAll()
                ? !address.isLoopback()
                : settings.nodePortAddresses().contains(address);
    }

    /** What is not the same in both modes, and which documented difference explains it. */
    List<Difference> differences(List<Probe> probes) {
        var found = new ArrayList<Difference>();
        for (var probe : probes) {
            var one = Distribution.of(iptables, probe.packet());
            var other = Distribution.of(nftables, probe.packet());
            if (!one.agreesWith(other)) {
                var reason = Stream.of(ModeDifference.values())
                        .filter(difference -> difference.explains(this, probe, one, other))
                        .findFirst();
                found.add(new Difference(probe, one, other, reason));
            }
        }
        return found;
    }

    /** @param reason empty when nothing explains it */
    record Difference(Probe probe, Distribution iptables, Distribution nftables, Optional<ModeDifference> reason) {

        @Override
        public String toString() {
            return probe.packet() + " (" + probe.packet().origin() + "): iptables " + iptables + ", nftables "
                    + nftables;
        }
    }
}
