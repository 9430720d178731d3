package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.HexFormat;

/** Connects pods to their node, in one of the two ways of {@link Attachment}. */
final class PodLinks {

    private static final String BRIDGE = "cni0";

    /** Where the commands go: outside any namespace, on the node, in the pod. */
    record Batches(IpBatch create, IpBatch onNode, IpBatch inPod) {}

    private final NetworkNamespace node;
    private final Subnets subnets;
    private final Attachment attachment;

    PodLinks(NetworkNamespace node, Subnets subnets, Attachment attachment) {
        this.node = node;
        this.subnets = subnets;
        this.attachment = attachment;
    }

    /** Before the first pod. */
    void prepare(IpBatch create, IpBatch onNode) {
        if (attachment == Attachment.ROUTED) {
            return;
        }
        // With an address of its own the bridge does not change it when pods come and go.
        create.add(
                "link",
                "add",
                BRIDGE,
                "netns",
                node.name(),
                "address",
                mac(gateway().ipv4()),
                "type",
                "bridge");
        onNode.add("link", "set", BRIDGE, "up");
        for (var address : gateway().both()) {
            var network = subnets.of(address.family());
            addAddress(onNode, new IpAddressOnLink(address, network.length()), BRIDGE);
        }
    }

    void connect(NetworkNamespace pod, Addresses addresses, int number, Batches batches) {
        String port = port(number);
        // Derived from the IP address, so that neighbours need not learn anew when another pod gets it.
        batches.create.add(
                "link",
                "add",
                "eth0",
                "netns",
                pod.name(),
                "address",
                mac(addresses.ipv4()),
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                node.name());
        batches.inPod.add("link", "set", "eth0", "up");
        switch (attachment) {
            case BRIDGE -> bridge(port, addresses, batches);
            case ROUTED -> route(port, addresses, batches);
        }
        for (var via : gateway().both()) {
            batches.inPod.add("route", "add", "default", "via", via.toString(), "dev", "eth0");
        }
    }

    /** Deletes the link of a pod; its node must exist. */
    void disconnect(int number) {
        new IpBatch(node).add("link", "delete", port(number)).run();
    }

    private static String port(int number) {
        return "veth" + number;
    }

    private void bridge(String port, Addresses addresses, Batches batches) {
        batches.onNode.add("link", "set", port, "master", BRIDGE, "up");
        // A pod that reaches itself through a Service gets its packet back out of the port it came in.
        batches.onNode.add("link", "set", port, "type", "bridge_slave", "hairpin", "on");
        for (var address : addresses.both()) {
            addAddress(
                    batches.inPod,
                    new IpAddressOnLink(address, subnets.of(address.family()).length()),
                    "eth0");
        }
    }

    private void route(String port, Addresses addresses, Batches batches) {
        batches.onNode.add("link", "set", port, "up");
        for (var via : gateway().both()) {
            addAddress(batches.onNode, IpAddressOnLink.alone(via), port);
            batches.inPod.add("route", "add", IpPrefix.host(via).toString(), "dev", "eth0");
        }
        for (var address : addresses.both()) {
            addAddress(batches.inPod, IpAddressOnLink.alone(address), "eth0");
            batches.onNode.add("route", "add", IpPrefix.host(address).toString(), "dev", port);
        }
    }

    private Addresses gateway() {
        return subnets.host(1);
    }

    /** An address with the length of its network, host bits kept. */
    record IpAddressOnLink(IpAddress address, int length) {
        static IpAddressOnLink alone(IpAddress address) {
            return new IpAddressOnLink(address, address.family().bits());
        }
    }

    static void addAddress(IpBatch batch, IpAddressOnLink address, String link) {
        var family = address.address().family();
        String text = address.address() + "/" + address.length();
        switch (family) {
            case IPV4 -> batch.add("address", "add", text, "dev", link);
            case IPV6 -> batch.add("address", "add", text, "dev", link, "nodad");
        }
    }

    /** Locally administered, from the IPv4 address. */
    private static String mac(IpAddress ipv4) {
        return "0a:58:" + HexFormat.ofDelimiter(":").formatHex(ipv4.toBytes());
    }
}
