package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says where a connection goes and why: in words from the routing, and by the rules that are written for it. */
public record Explainer(NodeView view, RuleTracer tracer) {

    /** @throws IllegalArgumentException when there is no such Service or port; the message says what there is */
    public Explanation explain(Sender sender, Destination destination) {
        var from = Packeteer.of(view, sender);
        var socket = socket(destination);
        if (from.source().family() != view.family() || socket.address().family() != view.family()) {
            throw new IllegalArgumentException(
                    from.source() + " and " + socket.address() + " are of different families: a packet has one");
        }
        var claims = Claim.of(view, socket);
        var decision = claims.stream().findFirst().map(claim -> Decision.of(view, claim, from));
        var packet = from.packet(socket.protocol().text(), socket.address(), socket.port());
        return new Explanation(
                view, sender, from, socket, claims, decision, tracer.trace(part(claims, socket), packet));
    }

    /** The Services that have to do with the packet: those that claim where it goes, and whose address it is. */
    private RoutingTable part(List<Claim> claims, Destination.Socket socket) {
        var services = claims.stream().map(claim -> claim.port().name().service());
        var holder = view.holderOf(socket.address()).map(port -> port.name().service());
        return view.table().only(Stream.concat(services, holder.stream()).toList());
    }

    private Destination.Socket socket(Destination destination) {
        return switch (destination) {
            case Destination.Socket socket -> socket;
            case Destination.OfService(var service, var port, var protocol) -> {
                var found = port(service, port, protocol);
                yield new Destination.Socket(
                        found.clusterIp(), found.port(), found.name().protocol());
            }
        };
    }

    private ServiceRouting port(NamespacedName service, Optional<String> port, Optional<Protocol> protocol) {
        var ports = view.table().portsOf(service);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("there is no Service " + Printable.of(service.toString()) + " with a "
                    + view.family() + " cluster IP; headless Services have none");
        }
        var matching = ports.stream()
                .filter(each -> port.isEmpty()
                        || port.get().equals(each.name().port())
                        || port.get().equals(Integer.toString(each.port())))
                .filter(each ->
                        protocol.isEmpty() || protocol.get() == each.name().protocol())
                .toList();
        if (matching.size() == 1) {
            return matching.getFirst();
        }
        var all = ports.stream()
                .map(each -> (each.name().port().isEmpty() ? "" : each.name().port() + " = ") + each.port() + "/"
                        + each.name().protocol().text())
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("Service " + service + (matching.isEmpty() ? " has no such port" : "")
                + (matching.size() > 1 ? " has several ports that fit" : "") + ", its ports are: " + Printable.of(all));
    }

    /** Of the families that a node has, the one that the question is about. */
    public static Explanation explain(Map<IpFamily, Explainer> families, Sender sender, Destination destination) {
        var asked = destination instanceof Destination.Socket socket
                ? Optional.of(socket.address().family())
                : sender instanceof Sender.Address(var address)
                        ? Optional.of(address.family())
                        : Optional.<IpFamily>empty();
        if (asked.isPresent()) {
            return Optional.ofNullable(families.get(asked.get()))
                    .orElseThrow(() -> new IllegalArgumentException("this node does no " + asked.get()))
                    .explain(sender, destination);
        }
        var service = ((Destination.OfService) destination).service();
        return families.values().stream()
                .filter(explainer -> !explainer.view().table().portsOf(service).isEmpty())
                .findFirst()
                .or(() -> families.values().stream().findFirst())
                .orElseThrow(() -> new IllegalArgumentException("nothing is known yet"))
                .explain(sender, destination);
    }
}
