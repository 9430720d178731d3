package io.fairlead.proxy.iptables;

import static io.fairlead.proxy.iptables.Rules.comment;
import static io.fairlead.proxy.iptables.Rules.counted;
import static io.fairlead.proxy.iptables.Rules.destination;
import static io.fairlead.proxy.iptables.Rules.jump;
import static io.fairlead.proxy.iptables.Rules.protocol;
import static io.fairlead.proxy.iptables.Rules.rule;
import static io.fairlead.proxy.iptables.Rules.toPort;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the shared-chain rules of one Service port (spec section 3.6.1); its own chains are {@link OwnChains}. */
final class ServiceRules {

    private static final IpPrefix LOOPBACK = IpPrefix.parse("127.0.0.0/8");

    private final ServiceRouting routing;
    private final RuleSettings settings;
    private final OwnChains chains;
    private final String name;
    private final String protocol;
    private final List<PlacedRule> filter = new ArrayList<>();
    private final List<PlacedRule> nat = new ArrayList<>();

    private ServiceRules(ServiceRouting routing, RuleSettings settings, boolean endpointComments) {
        this.routing = routing;
        this.settings = settings;
        name = routing.name().toString();
        protocol = routing.name().protocol().text();
        chains = new OwnChains(routing, settings, endpointComments);
    }

    /**
     * The rules of a Service port.
     *
     * @param endpointComments false in large clusters, where rules per endpoint do without comments
     */
    static ServicePortRules of(ServiceRouting routing, RuleSettings settings, boolean endpointComments) {
        return new ServiceRules(routing, settings, endpointComments).write();
    }

    private ServicePortRules write() {
        clusterIp();
        externalIps();
        loadBalancerVips();
        nodePort();
        healthCheck();
        chains.write();
        return new ServicePortRules(filter, nat, chains.names(), chains.rules());
    }

    private void clusterIp() {
        if (routing.hasInternalEndpoints()) {
            nat(Chains.SERVICES, toAddress("cluster IP", routing.clusterIp(), jump(chains.internalPolicy())));
        } else {
            refuse(Chains.SERVICES, destination(routing.clusterIp()));
        }
    }

    private void externalIps() {
        for (var ip : routing.externalIps()) {
            if (routing.endpoints().any()) {
                nat(Chains.SERVICES, toAddress("external IP", ip, jump(chains.external())));
            }
            if (!routing.hasExternalEndpoints()) {
                refuse(Chains.EXTERNAL_SERVICES, destination(ip));
            }
        }
    }

    private void loadBalancerVips() {
        for (var vip : routing.loadBalancerVips()) {
            if (routing.endpoints().any()) {
                var entry = chains.usesFirewall() ? chains.firewall() : chains.external();
                nat(Chains.SERVICES, toAddress("loadbalancer IP", vip, jump(entry)));
            }
            if (chains.usesFirewall()) {
                var what = "traffic not accepted by " + chains.firewall();
                filter(Chains.PROXY_FIREWALL, toAddress(what, vip, Target.Verdict.DROP));
            }
        }
        for (var vip : routing.loadBalancerVips()) {
            if (!routing.hasExternalEndpoints()) {
                refuse(Chains.EXTERNAL_SERVICES, destination(vip));
            }
        }
    }

    private void nodePort() {
        int port = routing.nodePort();
        if (port == 0) {
            return;
        }
        if (routing.endpoints().any()) {
            if (settings.localhostNodePorts() && settings.localhostCounter()) {
                nat(
                        Chains.NODE_PORTS,
                        rule(
                                jump(chains.external()),
                                comment(name),
                                protocol(protocol),
                                destination(LOOPBACK),
                                toPort(protocol, port),
                                counted(RuleSettings.LOCALHOST_COUNTER)));
            }
            nat(
                    Chains.NODE_PORTS,
                    rule(jump(chains.external()), comment(name), protocol(protocol), toPort(protocol, port)));
        }
        if (!routing.hasExternalEndpoints()) {
            refuse(Chains.EXTERNAL_SERVICES, Rules.TO_LOCAL, port);
        }
    }

    /** Kubelet's and cloud load balancers' probes get through whatever the node's own firewall says. */
    private void healthCheck() {
        if (routing.healthCheckNodePort() != 0) {
            filter(
                    Chains.NODE_PORTS,
                    rule(
                            Target.Verdict.ACCEPT,
                            comment(name + " health check node port"),
                            protocol("tcp"),
                            toPort("tcp", routing.healthCheckNodePort())));
        }
    }

    private Rule toAddress(String what, IpAddress address, Target target) {
        return rule(
                target,
                comment(name + " " + what),
                protocol(protocol),
                destination(address),
                toPort(protocol, routing.port()));
    }

    private void refuse(String chain, Match destination) {
        filter(
                chain,
                rule(
                        refusal(),
                        comment(refusalReason()),
                        protocol(protocol),
                        destination,
                        toPort(protocol, routing.port())));
    }

    private void refuse(String chain, Match destination, int nodePort) {
        filter(
                chain,
                rule(refusal(), comment(refusalReason()), destination, protocol(protocol), toPort(protocol, nodePort)));
    }

    /** Nobody could answer anywhere: say so at once. Somebody elsewhere could: stay silent, as the policy asks. */
    private Target refusal() {
        return routing.endpoints().any() ? Target.Verdict.DROP : new Target.Reject(Optional.empty());
    }

    private String refusalReason() {
        return name + (routing.endpoints().any() ? " has no local endpoints" : " has no endpoints");
    }

    private void filter(String chain, Rule rule) {
        filter.add(new PlacedRule(chain, rule));
    }

    private void nat(String chain, Rule rule) {
        nat.add(new PlacedRule(chain, rule));
    }
}
