package io.fairlead.cli.oracle;

import io.fairlead.cli.oracle.OracleFlow.Place;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.net.PacketInjector;
import io.fairlead.netfilter.conntrack.Conntrack;
import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowFilter;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.proxy.nftables.NftablesKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node that packets are thrown at from all sides. No endpoint exists: what became of a packet is read from the node's
 * connection table and, as far as that does not tell it, from a {@link PacketRecord}.
 */
final class OracleLab implements AutoCloseable {

    static final List<String> NODE_ADDRESSES = List.of("10.210.40.172", "10.210.40.173", "10.210.40.175");
    static final List<String> NODE_ADDRESSES_V6 = List.of("fd00:210::172", "fd00:210::173", "fd00:210::175");
    private static final int FIRST_PORT = 20_000;
    private static final Map<String, String> NODE_SETTINGS = Map.of(
            "net.ipv4.ip_forward", "1",
            "net.ipv6.conf.all.forwarding", "1",
            "net.ipv4.conf.all.route_localnet", "1",
            "net.ipv4.conf.all.rp_filter", "0",
            "net.ipv4.conf.default.rp_filter", "0",
            "net.ipv4.icmp_ratemask", "0",
            "net.ipv6.icmp.ratelimit", "0",
            "net.ipv6.icmp.ratemask", "255",
            "net.netfilter.nf_conntrack_checksum", "0");

    private static final List<IpAddress> OWN = Stream.of(
                    NODE_ADDRESSES, NODE_ADDRESSES_V6, List.of("169.254.7.1", "169.254.8.1", "fd99:7::1", "fd99:8::1"))
            .flatMap(List::stream)
            .map(IpAddress::parse)
            .toList();
    private static final Host HOST = knownHost();

    private final List<NetworkNamespace> namespaces;
    private final NetworkNamespace node;
    private final Map<IpFamily, Map<Place, PacketInjector>> injectors = new EnumMap<>(IpFamily.class);

    OracleLab() {
        namespaces = NetworkNamespace.create(List.of("node", "outside", "pods", "vpods"));
        node = namespaces.getFirst();
        node.sysctl(NODE_SETTINGS);
        var ip = new ArrayList<String>();
        for (var address : NODE_ADDRESSES) {
            ip.add("addr add " + address + "/24 dev eth0");
        }
        for (var address : NODE_ADDRESSES_V6) {
            ip.add("addr add " + address + "/64 dev eth0 nodad");
        }
        connect("eth0", namespaces.get(1), "10.210.40.172", "10.210.40.1/24", "fd00:210::172", "fd00:210::1/64", ip);
        ip.addAll(List.of("addr add 169.254.7.1/30 dev cni0", "addr add fd99:7::1/64 dev cni0 nodad"));
        connect("cni0", namespaces.get(2), "169.254.7.1", "169.254.7.2/30", "fd99:7::1", "fd99:7::2/64", ip);
        ip.addAll(List.of("addr add 169.254.8.1/30 dev veth1", "addr add fd99:8::1/64 dev veth1 nodad"));
        connect("veth1", namespaces.get(3), "169.254.8.1", "169.254.8.2/30", "fd99:8::1", "fd99:8::2/64", ip);
        ip.addAll(List.of("route add default via 10.210.40.1 dev eth0", "route add default via fd00:210::1 dev eth0"));
        batch(node, ip);
        PacketRecord.install(node);
        for (var family : IpFamily.values()) {
            var byPlace = new EnumMap<Place, PacketInjector>(Place.class);
            byPlace.put(Place.NODE, PacketInjector.open(node, family));
            byPlace.put(Place.OUTSIDE, PacketInjector.open(namespaces.get(1), family));
            byPlace.put(Place.PODS, PacketInjector.open(namespaces.get(2), family));
            byPlace.put(Place.VETH_PODS, PacketInjector.open(namespaces.get(3), family));
            injectors.put(family, byPlace);
        }
    }

    private void connect(
            String device,
            NetworkNamespace peer,
            String gateway,
            String address,
            String gateway6,
            String address6,
            List<String> ip) {
        node.exec("ip", "link", "add", device, "type", "veth", "peer", "name", "up0", "netns", peer.name());
        ip.add("link set " + device + " up");
        batch(
                peer,
                List.of(
                        "addr add " + address + " dev up0",
                        "addr add " + address6 + " dev up0 nodad",
                        "link set up0 up",
                        "route add default via " + gateway + " dev up0",
                        "route add default via " + gateway6 + " dev up0"));
    }

    private static void batch(NetworkNamespace namespace, List<String> commands) {
        namespace.execWithInput(String.join("\n", commands) + "\n", "ip", "-batch", "-");
    }

    /** What the tracer is told of this node. */
    static Host host() {
        return HOST;
    }

    private static Host knownHost() {
        return Host.of(new HashSet<>(OWN)).withRoutes(_ -> Optional.of("eth0"));
    }

    /** The node's addresses, loopback included. */
    static List<IpAddress> machine() {
        return Stream.concat(Stream.of("127.0.0.1", "::1").map(IpAddress::parse), OWN.stream())
                .toList();
    }

    NetworkNamespace node() {
        return node;
    }

    /** Puts a listing into the kernel in place of all rules of its family. */
    void load(IpFamily family, String listing) {
        node.execWithInput(listing, family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore");
    }

    /** Iptables mode's rules and no others of their family. */
    void loadIptables(IpFamily family, Ruleset rules) throws IOException {
        removeTable(family);
        var listing = new StringBuilder();
        rules.print(listing);
        load(family, listing.toString());
    }

    /** The table that nftables mode's dataplane writes where there is none, and no other rules of its family. */
    void loadNftables(IpFamily family, OracleCluster cluster) throws Exception {
        load(family, "*nat\nCOMMIT\n*filter\nCOMMIT\n*mangle\nCOMMIT\n");
        removeTable(family);
        node.call(() -> new NftablesKernel()
                .dataplane(cluster.nftSettings(family), OracleLab::machine)
                .apply(cluster.routing(family), Set.of(), true));
    }

    /** Empties the sets that packets fill. */
    void forgetClients(TableImage table) throws IOException {
        var transaction = new Transaction(table.table().id());
        table.sets().values().stream()
                .filter(set -> set.is(NftSet.Flag.DYNAMIC))
                .forEach(set -> transaction.flushSet(set.name()));
        nftables(nftables -> {
            nftables.commit(transaction);
            return true;
        });
    }

    private void removeTable(IpFamily family) throws IOException {
        node.call(() -> NftablesKernel.removeTable(family));
    }

    /** What became of so many packets of each flow. */
    List<Map<Observed, Integer>> send(IpFamily family, List<OracleFlow> flows, List<Integer> counts)
            throws IOException {
        var results = new ArrayList<Map<Observed, Integer>>();
        int at = 0;
        while (at < flows.size()) {
            int end = at;
            int packets = 0;
            while (end < flows.size() && (end == at || packets + counts.get(end) < 40_000)) {
                packets += counts.get(end++);
            }
            results.addAll(burst(family, flows.subList(at, end), counts.subList(at, end)));
            at = end;
        }
        return results;
    }

    /** Every packet has a source port of its own, by which it is found again. */
    private List<Map<Observed, Integer>> burst(IpFamily family, List<OracleFlow> flows, List<Integer> counts)
            throws IOException {
        node.exec("conntrack", "-F");
        PacketRecord.clear(node);
        int port = FIRST_PORT;
        for (int f = 0; f < flows.size(); f++) {
            var flow = flows.get(f);
            var injector = injectors.get(family).get(flow.place());
            for (int i = 0; i < counts.get(f); i++) {
                var source = flow.source(i);
                injector.send(
                        flow.destination(),
                        CraftedPacket.of(flow.protocol(), source, port++, flow.destination(), flow.port()));
            }
        }
        var translated = table(family);
        var record = PacketRecord.read(node);
        var results = new ArrayList<Map<Observed, Integer>>();
        port = FIRST_PORT;
        for (int f = 0; f < flows.size(); f++) {
            var tally = new HashMap<Observed, Integer>();
            for (int i = 0; i < counts.get(f); i++, port++) {
                var seen = seen(port, flows.get(f), translated.get(port), record);
                tally.merge(seen, 1, Integer::sum);
            }
            results.add(tally);
        }
        return results;
    }

    private static Observed seen(int port, OracleFlow flow, @Nullable ConntrackFlow connection, PacketRecord record) {
        if (connection != null && !endedBeforeDelivery(flow, connection, record)
                || record.untracked().contains(port)) {
            return connection == null ? Observed.UNTRACKED : Observed.of(connection);
        }
        return record.refused().contains(port) ? Observed.REJECTED : Observed.DROPPED;
    }

    /** What a process sends to its own machine is in the connection table before it gets there. */
    private static boolean endedBeforeDelivery(OracleFlow flow, ConntrackFlow connection, PacketRecord record) {
        return flow.place() == Place.NODE
                && HOST.isLocal(connection.reply().source())
                && !record.delivered().contains(connection.reply().destinationPort());
    }

    private Map<Integer, ConntrackFlow> table(IpFamily family) throws IOException {
        return node.call(() -> {
            var seen = new HashMap<Integer, ConntrackFlow>();
            try (var conntrack = Conntrack.open()) {
                for (int protocol : new int[] {CraftedPacket.TCP, CraftedPacket.UDP, CraftedPacket.SCTP}) {
                    conntrack.list(
                            new FlowFilter(family, protocol, 0),
                            flow -> seen.put(flow.original().sourcePort(), flow));
                }
            }
            return seen;
        });
    }

    /** Reads and writes nftables inside the node. */
    <T> T nftables(NftWork<T> work) throws IOException {
        return node.call(() -> {
            try (var nftables = Nftables.open()) {
                return work.run(nftables);
            }
        });
    }

    /** Work with nftables. */
    interface NftWork<T> {
        T run(Nftables nftables) throws IOException;
    }

    @Override
    public void close() {
        injectors.values().forEach(byPlace -> byPlace.values().forEach(PacketInjector::close));
        NetworkNamespace.close(namespaces);
    }
}
