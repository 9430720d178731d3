package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.proxy.config.LocalDetector;
import java.util.Optional;

/**
 * A sender as one node sees it.
 *
 * @param source its address; of a kind of sender one that stands for all
 * @param in the interface its packets come through, where that decides
 * @param isGenerated it is a process of this machine
 * @param isPod this node takes it for a pod's
 * @param isMachine its address is one of this machine's
 * @param podsKnown there is a way to tell pods from others
 */
record Packeteer(
        IpAddress source,
        Optional<String> in,
        boolean isGenerated,
        boolean isPod,
        boolean isMachine,
        boolean podsKnown,
        String words) {

    // RFC 5737 and RFC 3849: addresses for examples.
    private static final IpAddress SOMEBODY_V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress SOMEBODY_V6 = IpAddress.parse("2001:db8::1");

    static Packeteer of(NodeView view, Sender sender) {
        return switch (sender) {
            case Sender.Address(IpAddress address) -> ofAddress(view, address);
            case Sender.Place place ->
                switch (place) {
                    case POD -> ofPod(view);
                    case NODE -> ofNode(view);
                    case OUTSIDE -> ofAddress(view, somebody(view.family()));
                };
        };
    }

    private static IpAddress somebody(IpFamily family) {
        return family == IpFamily.IPV4 ? SOMEBODY_V4 : SOMEBODY_V6;
    }

    private static Packeteer ofAddress(NodeView view, IpAddress address) {
        if (view.isMachine(address)) {
            return generated(view, address);
        }
        boolean pod = view.detector() instanceof LocalDetector.Cidr(IpPrefix cidr) && cidr.contains(address);
        return new Packeteer(
                address,
                Optional.empty(),
                false,
                pod,
                false,
                podsKnown(view),
                pod ? "a pod" : "neither a pod's address nor this node's");
    }

    private static Packeteer ofNode(NodeView view) {
        return generated(view, view.nodeIp());
    }

    private static Packeteer generated(NodeView view, IpAddress address) {
        boolean pod = view.detector() instanceof LocalDetector.Cidr(IpPrefix cidr) && cidr.contains(address);
        return new Packeteer(address, Optional.empty(), true, pod, true, podsKnown(view), "this node");
    }

    private static Packeteer ofPod(NodeView view) {
        var in =
                switch (view.detector()) {
                    case LocalDetector.BridgeInterface(String name) -> Optional.of(name);
                    case LocalDetector.InterfaceNamePrefix(String prefix) -> Optional.of(prefix + "0");
                    case LocalDetector.Cidr _, LocalDetector.None _ -> Optional.<String>empty();
                };
        var source = view.podCidrs().stream()
                .findFirst()
                .or(() -> view.detector() instanceof LocalDetector.Cidr(IpPrefix cidr)
                        ? Optional.of(cidr)
                        : Optional.empty())
                .map(Packeteer::last)
                .orElseGet(() -> somebody(view.family()));
        boolean pod =
                in.isPresent() || view.detector() instanceof LocalDetector.Cidr(IpPrefix cidr) && cidr.contains(source);
        return new Packeteer(source, in, false, pod, false, podsKnown(view), "a pod of this node");
    }

    /** The last address but one: the first are likely to be taken. */
    private static IpAddress last(IpPrefix cidr) {
        int free = cidr.address().family().bits() - cidr.length();
        if (free < 2) {
            return cidr.address();
        }
        var bytes = cidr.address().toBytes();
        for (int bit = 1; bit < free; bit++) {
            bytes[bytes.length - 1 - bit / 8] |= (byte) (1 << bit % 8);
        }
        return IpAddress.ofBytes(bytes);
    }

    private static boolean podsKnown(NodeView view) {
        return !(view.detector() instanceof LocalDetector.None);
    }

    Packet packet(String protocol, IpAddress address, int port) {
        var from = new Endpoint(source, 0);
        var to = new Endpoint(address, port);
        if (isGenerated) {
            return Packet.generated(protocol, from, to);
        }
        var packet = Packet.arriving(protocol, from, to);
        return in.map(packet::through).orElse(packet);
    }
}
