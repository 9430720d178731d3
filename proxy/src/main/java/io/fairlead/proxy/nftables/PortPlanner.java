package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** Plans one Service port (spec sections 2.2 and 2.3). A pure function of its routing. */
final class PortPlanner {

    /** nft reads back comments of so many bytes. */
    private static final int MAX_COMMENT = 127;

    private final ServiceRouting routing;
    private final Protocol protocol;
    private final OwnChains own;
    private final SequencedMap<Place, Claim> claims = new LinkedHashMap<>();
    private final Set<Shape> shapes = new LinkedHashSet<>();

    private PortPlanner(ServiceRouting routing, NftSettings settings) {
        this.routing = routing;
        protocol = routing.name().protocol();
        own = new OwnChains(routing, settings);
    }

    static PortPlan plan(ServiceRouting routing, NftSettings settings) {
        return new PortPlanner(routing, settings).plan();
    }

    /** Where addresses coincide the first claim counts: load-balancer addresses, which may be guarded, before external IPs. */
    private PortPlan plan() {
        claimClusterIp();
        for (var vip : routing.loadBalancerVips()) {
            claimExternal(vip, own.usesFirewall());
        }
        for (var ip : routing.externalIps()) {
            claimExternal(ip, false);
        }
        if (routing.nodePort() != 0) {
            claimNodePort();
        }
        for (var endpoint : routing.endpoints().reachable()) {
            if (endpoint.local()) {
                claim(Place.localEndpoint(endpoint.address(), protocol, endpoint.port()), Names.HAIRPIN);
            }
        }
        own.write();
        return new PortPlan(claims, shapes, own.chains(), own.sets());
    }

    private void claimClusterIp() {
        claim(Place.clusterIp(routing.clusterIp()), Names.CLUSTER_IPS);
        var place = Place.address(routing.clusterIp(), protocol, routing.port());
        if (!routing.hasInternalEndpoints()) {
            claim(place, List.of(refusal(place, Names.NO_ENDPOINT_SERVICES)), false, false);
            return;
        }
        boolean local = routing.internalPolicyLocal();
        var chain = own.internal()
                .orElseGet(() -> shared(
                        local
                                ? Shape.local(false, routing.endpoints().local().size())
                                : Shape.pick(
                                        false, routing.endpoints().cluster().size())));
        boolean byIndex = own.internal().isEmpty();
        claim(place, List.of(leading(place, Names.SERVICE_IPS, chain)), byIndex && !local, byIndex && local);
    }

    private void claimExternal(IpAddress address, boolean guarded) {
        var place = Place.address(address, protocol, routing.port());
        var entries = new ArrayList<Claim.Entry>();
        if (routing.endpoints().any()) {
            entries.add(leading(place, Names.SERVICE_IPS, external(false)));
        }
        if (guarded) {
            entries.add(leading(place, Names.FIREWALL_IPS, own.firewall()));
        }
        if (!routing.hasExternalEndpoints()) {
            entries.add(refusal(place, Names.NO_ENDPOINT_SERVICES));
        }
        claimExternal(place, entries);
    }

    private void claimNodePort() {
        var place = Place.nodePort(protocol, routing.nodePort());
        var entries = new ArrayList<Claim.Entry>();
        if (routing.endpoints().any()) {
            entries.add(leading(place, Names.SERVICE_NODE_PORTS, external(true)));
        }
        if (!routing.hasExternalEndpoints()) {
            entries.add(refusal(place, Names.NO_ENDPOINT_NODE_PORTS));
        }
        claimExternal(place, entries);
    }

    private void claimExternal(Place place, List<Claim.Entry> entries) {
        boolean byIndex = own.external().isEmpty() && routing.endpoints().any();
        claim(place, entries, byIndex, byIndex && routing.externalPolicyLocal());
    }

    /** The chain for traffic from outside. */
    private String external(boolean nodePort) {
        return own.external().orElseGet(() -> {
            int cluster = routing.endpoints().cluster().size();
            return shared(
                    routing.externalPolicyLocal()
                            ? Shape.externalLocal(
                                    nodePort,
                                    cluster,
                                    routing.endpoints().local().size())
                            : Shape.external(nodePort, cluster));
        });
    }

    private String shared(Shape shape) {
        shape.addTo(shapes);
        return shape.chain();
    }

    private void claim(Place place, String set) {
        claim(place, List.of(new Claim.Entry(set, Element.of(place.key()))), false, false);
    }

    private void claim(Place place, List<Claim.Entry> entries, boolean cluster, boolean local) {
        claims.putIfAbsent(place, new Claim(place, entries, cluster, local));
    }

    private static Claim.Entry leading(Place place, String map, String chain) {
        return new Claim.Entry(map, Element.of(place.key(), Verdict.goTo(chain)));
    }

    /** Nobody could answer anywhere: say so at once. Somebody elsewhere could: stay silent, as the policy asks. */
    private Claim.Entry refusal(Place place, String map) {
        var verdict = routing.endpoints().any() ? Verdict.DROP : Verdict.goTo(Names.REJECT);
        return new Claim.Entry(map, Element.of(place.key(), verdict).withComment(comment()));
    }

    private String comment() {
        var text = routing.name().toString();
        return text.length() <= MAX_COMMENT ? text : text.substring(0, MAX_COMMENT);
    }
}
