package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Nodes with pods and a client outside, joined by a LAN:
 *
 * <pre>
 *   outside ──┐
 *             │ LAN bridge (a namespace of its own)
 *   node1 ────┼──── node2
 *   cni0        cni0
 *   ├ pod1      ├ pod1
 *   └ pod2      └ pod2
 * </pre>
 *
 * Dual stack throughout. Nodes forward, know each other's pod CIDRs and send everything else, so Service addresses too,
 * to the outside client; the client knows the pod CIDRs. There is no rule of any kind in it, unless flannel's were asked
 * for. Closing removes it all.
 */
public final class Topology implements AutoCloseable {

    private final NetworkNamespace lan;
    private final OutsideClient outside;
    private final List<LabNode> nodes;

    Topology(NetworkNamespace lan, OutsideClient outside, List<LabNode> nodes) {
        this.lan = lan;
        this.outside = outside;
        this.nodes = List.copyOf(nodes);
    }

    public static TopologyBuilder builder() {
        return new TopologyBuilder();
    }

    public OutsideClient outside() {
        return outside;
    }

    public List<LabNode> nodes() {
        return nodes;
    }

    /** @throws IllegalArgumentException when there is no such node */
    public LabNode node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no node \"" + name + "\" among " + nodes));
    }

    /** @throws IllegalArgumentException when there is no such pod on any node */
    public LabPod pod(String name) {
        return nodes.stream()
                .flatMap(node -> node.pods().stream())
                .filter(pod -> pod.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no pod \"" + name + "\" on any of " + nodes));
    }

    /** Sends the outside client's packets for an address or network, such as a Service's, to a node. */
    public void routeFromOutside(IpPrefix destination, LabNode via) {
        String gateway = via.address(destination.family()).toString();
        new IpBatch(outside.namespace())
                .add("route", "replace", destination.toString(), "via", gateway)
                .run();
    }

    /** Gives a node one more address, on its loopback, which everybody on the LAN then reaches through it. */
    public void announce(IpAddress address, LabNode at) {
        at.addAddress(address);
        String gateway = at.address(address.family()).toString();
        var route = List.of("route", "replace", IpPrefix.host(address).toString(), "via", gateway);
        var others = Stream.concat(
                Stream.of(outside.namespace()),
                nodes.stream().filter(node -> node != at).map(LabNode::namespace));
        others.forEach(namespace ->
                new IpBatch(namespace).add(route.toArray(String[]::new)).run());
    }

    /** Takes a node's cable out of the LAN's switch; the node keeps its link, as with a switch that fails. */
    public void cutOff(LabNode node) {
        lanPort(node, "nomaster");
    }

    public void rejoin(LabNode node) {
        lanPort(node, "master", TopologyBuilder.LAN_BRIDGE);
    }

    private void lanPort(LabNode node, String... change) {
        var words = Stream.concat(
                Stream.of("link", "set", TopologyBuilder.lanPort(nodes.indexOf(node))), Stream.of(change));
        new IpBatch(lan).add(words.toArray(String[]::new)).run();
    }

    @Override
    public void close() {
        var all = new ArrayList<NetworkNamespace>();
        for (var node : nodes) {
            node.pods().forEach(pod -> all.add(pod.namespace()));
            all.add(node.namespace());
        }
        all.add(outside.namespace());
        all.add(lan);
        NetworkNamespace.close(all);
    }
}
