package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which flows are those of Services, and whose. */
final class ServiceFlows {

    /** An endpoint of a Service port; {@code text} is its {@code ip:port}. */
    record Target(ServicePortName port, String text) {}

    /** Nearly always one port has a frontend. */
    private final Map<Protocol, Map<Frontend, List<ServiceRouting>>> ports = new EnumMap<>(Protocol.class);

    ServiceFlows(Collection<RoutingTable> tables) {
        for (var protocol : Protocol.values()) {
            ports.put(protocol, new HashMap<>());
        }
        for (var table : tables) {
            table.services().values().forEach(list -> list.forEach(this::add));
        }
    }

    private void add(ServiceRouting port) {
        var ofProtocol = ports.getOrDefault(port.name().protocol(), Map.of());
        for (var frontend : UdpServices.frontends(port)) {
            ofProtocol.merge(frontend, List.of(port), (some, more) -> {
                var all = new ArrayList<>(some);
                all.addAll(more);
                return all;
            });
        }
    }

    /** The endpoint that a Service's rules gave a flow to; empty for all other flows. */
    Optional<Target> target(ConntrackFlow flow) {
        var protocol = protocol(flow.protocol());
        if (protocol.isEmpty() || !flow.destinationTranslated()) {
            return Optional.empty();
        }
        var ofProtocol = ports.getOrDefault(protocol.get(), Map.of());
        var asked = flow.original();
        var address = new Frontend.Address(asked.destination(), asked.destinationPort());
        return target(ofProtocol.getOrDefault(address, List.of()), flow.reply())
                .or(() -> target(
                        ofProtocol.getOrDefault(new Frontend.NodePort(asked.destinationPort()), List.of()),
                        flow.reply()));
    }

    private static Optional<Target> target(List<ServiceRouting> claimants, FlowTuple reply) {
        for (var port : claimants) {
            for (var endpoint : port.endpoints().all()) {
                if (endpoint.port() == reply.sourcePort() && endpoint.address().equals(reply.source())) {
                    return Optional.of(new Target(port.name(), endpoint.text()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Protocol> protocol(int number) {
        return switch (number) {
            case FlowTuple.TCP -> Optional.of(Protocol.TCP);
            case FlowTuple.UDP -> Optional.of(Protocol.UDP);
            case FlowTuple.SCTP -> Optional.of(Protocol.SCTP);
            default -> Optional.empty();
        };
    }

    /** Whether one of these routes to the endpoint. */
    static boolean isIn(Collection<RoutingTable> tables, Target target) {
        return tables.stream()
                .flatMap(table -> table.portsOf(target.port().service()).stream())
                .filter(port -> port.name().equals(target.port()))
                .flatMap(port -> port.endpoints().all().stream())
                .map(RoutedEndpoint::text)
                .anyMatch(target.text()::equals);
    }
}
