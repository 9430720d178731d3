package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The first packet of a connection that somebody might open. */
record Probe(Packet packet) {

    private static final int SOURCE_PORT = 20_000;
    private static final int UNUSED_PORT = 9;

    private record Frontend(Protocol protocol, Endpoint to) {}

    IpAddress destination() {
        return packet.destination().address();
    }

    int port() {
        return packet.destination().port();
    }

    boolean isOf(Protocol protocol) {
        return packet.protocol().equals(protocol.text());
    }

    /** By protocol and port. */
    boolean isTo(ServiceRouting port) {
        return port.port() == port() && isOf(port.name().protocol());
    }

    /** From Pods, endpoints themselves, the node and outside; to every frontend, and to what is none. */
    static List<Probe> all(BothModes modes, List<IpAddress> outside, List<IpAddress> pods, IpAddress unallocated) {
        var frontends = new LinkedHashSet<Frontend>();
        modes.ports().forEach(port -> add(frontends, port, modes.machine()));
        frontends.add(new Frontend(Protocol.TCP, new Endpoint(unallocated, 80)));
        var podSources = new LinkedHashSet<>(pods);
        modes.ports()
                .flatMap(port -> port.endpoints().all().stream())
                .map(RoutedEndpoint::endpoint)
                .limit(4)
                .forEach(endpoint -> podSources.add(endpoint.address()));
        podSources.removeAll(modes.machine());
        var probes = new ArrayList<Probe>();
        for (var frontend : frontends) {
            for (var address : outside) {
                probes.addAll(arriving(frontend, address, "eth0"));
            }
            for (var address : podSources) {
                probes.addAll(arriving(frontend, address, "cni0"));
            }
            pods.forEach(pod -> probes.addAll(arriving(frontend, pod, "veth1")));
            for (var address : modes.machine()) {
                if (address.isLoopback() == frontend.to().address().isLoopback()) {
                    probes.add(generated(frontend, address));
                }
            }
        }
        return probes;
    }

    private static void add(Set<Frontend> frontends, ServiceRouting port, Set<IpAddress> machine) {
        var protocol = port.name().protocol();
        var addresses = new LinkedHashSet<IpAddress>();
        addresses.add(port.clusterIp());
        addresses.addAll(port.externalIps());
        addresses.addAll(port.loadBalancerVips());
        for (var address : addresses) {
            frontends.add(new Frontend(protocol, new Endpoint(address, port.port())));
            frontends.add(new Frontend(protocol, new Endpoint(address, UNUSED_PORT)));
            frontends.add(new Frontend(
                    protocol == Protocol.TCP ? Protocol.UDP : Protocol.TCP, new Endpoint(address, port.port())));
        }
        for (var address : machine) {
            frontends.add(new Frontend(protocol, new Endpoint(address, port.port())));
            if (port.nodePort() != 0) {
                frontends.add(new Frontend(protocol, new Endpoint(address, port.nodePort())));
            }
        }
    }

    private static List<Probe> arriving(Frontend frontend, IpAddress from, String device) {
        return frontend.to().address().isLoopback()
                ? List.of()
                : List.of(new Probe(
                        Packet.arriving(frontend.protocol().text(), new Endpoint(from, SOURCE_PORT), frontend.to())
                                .through(device)));
    }

    private static Probe generated(Frontend frontend, IpAddress from) {
        return new Probe(Packet.generated(frontend.protocol().text(), new Endpoint(from, SOURCE_PORT), frontend.to()));
    }

    static List<IpAddress> addresses(IpFamily family, String... texts) {
        return List.of(texts).stream()
                .map(IpAddress::parse)
                .filter(address -> address.family() == family)
                .toList();
    }
}
