package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds a {@link Topology}; what is not said has a default that suits tests. */
public final class TopologyBuilder {

    static final String LAN_BRIDGE = "lan0";
    private static final String OUTSIDE_PORT = "outside";

    private final List<NodePlan> plans = new ArrayList<>();
    private Subnets lan = Subnets.of("192.168.77.0/24", "fd00:77::/64");
    private Attachment attachment = Attachment.bestOfThisKernel();
    private int outsideNumber = 250;
    private Optional<Subnets> podNetwork = Optional.empty();
    private Optional<Ledger> ledger = Optional.empty();

    TopologyBuilder() {}

    /** The network of nodes and client; nodes that are given without addresses after this one get theirs from it. */
    public TopologyBuilder lan(Subnets network) {
        this.lan = network;
        return this;
    }

    /** Host number of the outside client in the LAN; 250 if not given. */
    public TopologyBuilder outsideNumber(int number) {
        this.outsideNumber = number;
        return this;
    }

    /** {@link Attachment#bestOfThisKernel} if not given. */
    public TopologyBuilder attachment(Attachment podAttachment) {
        this.attachment = podAttachment;
        return this;
    }

    /** Nodes get flannel's rules for this network of all pods; none if not given. */
    public TopologyBuilder flannel(Subnets allPods) {
        this.podNetwork = Optional.of(allPods);
        return this;
    }

    /** Who is told of every namespace, and sees to it that they are removed. */
    public TopologyBuilder ledger(Ledger keeper) {
        this.ledger = Optional.of(keeper);
        return this;
    }

    /**
     * Adds node1, node2 …, with pods node1-pod1, node1-pod2 … in 10.244.1.0/24 and fd00:10:244:1::/64, and so on. Nodes
     * have the LAN's host numbers 11, 12 ….
     */
    public TopologyBuilder node(int pods) {
        return node(NodePlan.numbered(plans.size() + 1, lan, pods));
    }

    public TopologyBuilder node(NodePlan plan) {
        plans.add(plan);
        return this;
    }

    /**
     * Builds it, or throws and leaves nothing behind.
     *
     * @throws CommandFailedException for instance when two machines are to have the same address
     */
    public Topology build() {
        var namespaces = NetworkNamespace.create(roles(), ledger);
        try {
            return new Assembly(namespaces).topology();
        } catch (RuntimeException | Error e) {
            try {
                NetworkNamespace.close(namespaces);
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private List<String> roles() {
        var roles = new ArrayList<>(List.of("lan", OUTSIDE_PORT));
        for (var plan : plans) {
            roles.add(plan.name());
            roles.addAll(plan.pods());
        }
        return roles;
    }

    static String lanPort(int nodeIndex) {
        return "port" + nodeIndex;
    }

    /** Collects every command first: one process makes all links, then one per namespace sets it up. */
    private final class Assembly {

        private final List<NetworkNamespace> namespaces;
        private final List<IpBatch> inside;
        private final IpBatch create = new IpBatch();
        private int taken;

        Assembly(List<NetworkNamespace> namespaces) {
            this.namespaces = namespaces;
            this.inside = namespaces.stream().map(IpBatch::new).toList();
        }

        Topology topology() {
            int lanIndex = taken++;
            var lanNamespace = namespaces.get(lanIndex);
            var lanBatch = inside.get(lanIndex);
            create.add("link", "add", LAN_BRIDGE, "netns", lanNamespace.name(), "type", "bridge");
            lanBatch.add("link", "set", LAN_BRIDGE, "up");

            int outsideIndex = taken++;
            var outside = new OutsideClient(namespaces.get(outsideIndex), lan.host(outsideNumber));
            plug(outsideIndex, OUTSIDE_PORT, outside.addresses());
            for (var plan : plans) {
                routesToPods(inside.get(outsideIndex), plan);
            }
            var nodes = new ArrayList<LabNode>();
            for (var plan : plans) {
                nodes.add(node(plan, outside.addresses()));
            }
            if (Sysctl.hasBridgeNetfilter()) {
                lanNamespace.sysctl(Sysctl.bridgeNetfilter(false));
            }
            create.run();
            inside.parallelStream().forEach(IpBatch::run);
            podNetwork.ifPresent(network -> nodes.parallelStream().forEach(node -> node.masquerade(network)));
            return new Topology(lanNamespace, outside, nodes);
        }

        private LabNode node(NodePlan plan, Addresses gateway) {
            int index = taken++;
            var namespace = namespaces.get(index);
            var batch = inside.get(index);
            namespace.sysctl(Sysctl.forwarding());
            plug(index, lanPort(plans.indexOf(plan)), plan.addresses());
            for (var other : plans) {
                if (!other.equals(plan)) {
                    routesToPods(batch, other);
                }
            }
            for (var via : gateway.both()) {
                batch.add("route", "add", "default", "via", via.toString(), "dev", "eth0");
            }
            var node = new LabNode(plan, namespace, attachment, ledger);
            node.links().prepare(create, batch);
            if (attachment == Attachment.BRIDGE && Sysctl.hasBridgeNetfilter()) {
                namespace.sysctl(Sysctl.bridgeNetfilter(true));
            }
            int number = 2;
            for (var name : plan.pods()) {
                pod(node, name, number++, batch);
            }
            return node;
        }

        private void pod(LabNode node, String name, int number, IpBatch onNode) {
            int index = taken++;
            var pod = node.adopt(name, namespaces.get(index), number);
            var batches = new PodLinks.Batches(create, onNode, inside.get(index));
            node.links().connect(pod.namespace(), pod.addresses(), number, batches);
        }

        private void plug(int index, String port, Addresses addresses) {
            var batch = inside.get(index);
            var lanNamespace = namespaces.getFirst();
            create.add(
                    "link",
                    "add",
                    "eth0",
                    "netns",
                    namespaces.get(index).name(),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    port,
                    "netns",
                    lanNamespace.name());
            inside.getFirst().add("link", "set", port, "master", LAN_BRIDGE, "up");
            batch.add("link", "set", "eth0", "up");
            for (var address : addresses.both()) {
                int length = lan.of(address.family()).length();
                PodLinks.addAddress(batch, new PodLinks.IpAddressOnLink(address, length), "eth0");
            }
        }

        private void routesToPods(IpBatch batch, NodePlan to) {
            for (var via : to.addresses().both()) {
                IpPrefix pods = to.podSubnets().of(via.family());
                batch.add("route", "add", pods.toString(), "via", via.toString(), "dev", "eth0");
            }
        }
    }
}
