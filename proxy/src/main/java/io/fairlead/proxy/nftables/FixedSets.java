package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/** The sets and maps that are in the table whatever Services there are (spec section 1.6), and our own maps of endpoints. */
final class FixedSets {

    /** How nft is told what the last part of an endpoint's key is: any modulus will do. */
    private static final int INDICES = 65_536;

    private final IpFamily family;
    private final SequencedMap<String, NftSet> byName = new LinkedHashMap<>();

    /** @param nodePortIps whether node ports answer on some addresses only */
    FixedSets(IpFamily family, boolean nodePortIps) {
        this.family = family;
        var address = Field.daddr(family).type();
        var proto = DataType.INET_PROTO;
        var port = DataType.INET_SERVICE;
        add(NftSet.set(Names.HAIRPIN, address, address, proto, port), "service hairpin connections");
        add(NftSet.set(Names.CLUSTER_IPS, address), "Active ClusterIPs");
        if (nodePortIps) {
            add(NftSet.set(Names.NODE_PORT_IPS, address), "IPs that accept NodePort traffic");
        }
        add(
                NftSet.verdictMap(Names.NO_ENDPOINT_SERVICES, address, proto, port),
                "vmap to drop or reject packets to services with no endpoints");
        add(
                NftSet.verdictMap(Names.NO_ENDPOINT_NODE_PORTS, proto, port),
                "vmap to drop or reject packets to service nodeports with no endpoints");
        add(
                NftSet.verdictMap(Names.FIREWALL_IPS, address, proto, port),
                "destinations that are subject to LoadBalancerSourceRanges");
        add(
                NftSet.verdictMap(Names.SERVICE_IPS, address, proto, port),
                "ClusterIP, ExternalIP and LoadBalancer IP traffic");
        add(NftSet.verdictMap(Names.SERVICE_NODE_PORTS, proto, port), "NodePort traffic");
        add(endpoints(Names.SERVICE_ENDPOINTS, Keys.address(family)), "endpoints of services");
        add(endpoints(Names.SERVICE_LOCAL_ENDPOINTS, Keys.address(family)), "endpoints of services on this node");
        add(endpoints(Names.NODE_PORT_ENDPOINTS, Keys.nodePort()), "endpoints of service nodeports");
        add(endpoints(Names.NODE_PORT_LOCAL_ENDPOINTS, Keys.nodePort()), "endpoints of service nodeports on this node");
    }

    static FixedSets of(NftSettings settings) {
        return new FixedSets(settings.family(), !settings.nodePorts().matchAll());
    }

    private void add(NftSet set, String comment) {
        byName.put(set.name(), set.withComment(comment));
    }

    private NftSet endpoints(String name, Selector[] place) {
        return NftSet.typeof(
                name, List.of(Keys.withRandom(place, INDICES)), List.of(Field.daddr(family), Field.TH_DPORT));
    }

    SequencedMap<String, NftSet> byName() {
        return byName;
    }

    NftSet named(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /** The clients that an endpoint has had lately. */
    static NftSet affinity(IpFamily family, String name, int seconds) {
        return NftSet.set(name, Field.saddr(family).type())
                .with(NftSet.Flag.DYNAMIC)
                .withTimeoutMillis(seconds * 1000L);
    }

    /** Elements of {@link Names#NODE_PORT_IPS}. */
    static List<Element> nodePortIps(NftSettings settings) {
        var addresses = new ArrayList<Element>();
        settings.nodePortAddresses().forEach(address -> addresses.add(Element.of(Data.of(address))));
        return addresses;
    }
}
