package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An endless source of changes to a small dual-stack cluster in which names, addresses and ports are few, so that changes
 * meet: the same Service comes back with another type, slices move between Services, ports are renamed, two Services
 * claim one external IP.
 */
public final class RandomCluster {

    public static final String THIS_NODE = "node-1";
    private static final List<String> NODES = List.of(THIS_NODE, "node-2", "node-3");
    private static final List<String> ZONES = List.of("a", "b");

    private final Random random;

    public RandomCluster(long seed) {
        random = new Random(seed);
    }

    public List<ClusterChange> changes() {
        var changes = new ArrayList<ClusterChange>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            changes.add(change());
        }
        return changes;
    }

    private ClusterChange change() {
        return switch (random.nextInt(12)) {
            case 0 -> new ClusterChange.ServiceDeleted(serviceName());
            case 1, 2, 3, 4 -> new ClusterChange.ServiceSet(service());
            case 5 -> new ClusterChange.SliceDeleted(sliceName(serviceName()));
            case 6 -> new ClusterChange.NodeSet(node());
            default -> new ClusterChange.SliceSet(slice());
        };
    }

    private NamespacedName serviceName() {
        return new NamespacedName("ns" + random.nextInt(2), "svc" + random.nextInt(5));
    }

    private NamespacedName sliceName(NamespacedName service) {
        return new NamespacedName(service.namespace(), service.name() + "-" + random.nextInt(3));
    }

    private Service service() {
        var name = serviceName();
        int number = name.hashCode() & 0xff;
        var ports = new ArrayList<ServicePort>();
        int portCount = 1 + random.nextInt(3);
        for (int i = 0; i < portCount; i++) {
            ports.add(new ServicePort(
                    portName(), protocol(), 80 + random.nextInt(3), chance(3) ? 30000 + random.nextInt(4) : 0));
        }
        return new Service(
                name,
                clusterIps(number),
                ports,
                chance(3) ? List.of(v4("192.0.2.", 3), v6("fd00:e::", 3)) : List.of(),
                chance(3) ? List.of(v4("198.51.100.", 3), v6("fd00:b::", 3)) : List.of(),
                sourceRanges(),
                chance(4) ? 10800 : 0,
                chance(3),
                chance(4),
                chance(6) ? 32000 + random.nextInt(3) : 0);
    }

    private List<IpAddress> clusterIps(int number) {
        var v4 = IpAddress.parse("10.96.0." + number);
        var v6 = IpAddress.parse("fd00:96::" + Integer.toHexString(number));
        return switch (random.nextInt(8)) {
            case 0 -> List.of();
            case 1 -> List.of(v6);
            case 2 -> List.of(v4);
            default -> List.of(v4, v6);
        };
    }

    private List<IpPrefix> sourceRanges() {
        return switch (random.nextInt(6)) {
            case 0 -> List.of(IpPrefix.parse("203.0.113.0/24"), IpPrefix.parse("fd00:c::/64"));
            case 1 -> List.of(IpPrefix.parse("192.168.0.0/16"), IpPrefix.parse("192.168.0.2/32"));
            case 2 -> List.of(IpPrefix.parse("203.0.113.0/24"), IpPrefix.parse("0.0.0.0/0"));
            default -> List.of();
        };
    }

    private EndpointSlice slice() {
        var service = serviceName();
        var family = chance(3) ? IpFamily.IPV6 : IpFamily.IPV4;
        var ports = new ArrayList<EndpointPort>();
        int portCount = 1 + random.nextInt(3);
        for (int i = 0; i < portCount; i++) {
            ports.add(new EndpointPort(portName(), protocol(), 8080 + random.nextInt(2)));
        }
        var endpoints = new ArrayList<Endpoint>();
        int endpointCount = random.nextInt(5);
        for (int i = 0; i < endpointCount; i++) {
            endpoints.add(endpoint(family));
        }
        return new EndpointSlice(sliceName(service), service, family, ports, endpoints, Optional.empty());
    }

    private Endpoint endpoint(IpFamily family) {
        boolean terminating = chance(4);
        return new Endpoint(
                family == IpFamily.IPV4 ? v4("10.244.0.", 12) : v6("fd00:244::", 12),
                !terminating && !chance(5),
                !chance(6),
                terminating,
                chance(6) ? Optional.empty() : Optional.of(pick(NODES)),
                chance(2) ? Set.of(pick(ZONES)) : Set.of(),
                chance(3) ? Set.of(pick(NODES)) : Set.of());
    }

    private Node node() {
        return new Node(
                THIS_NODE,
                List.of(IpAddress.parse("192.168.0.2")),
                List.of(),
                chance(4) ? Optional.empty() : Optional.of(pick(ZONES)));
    }

    private String portName() {
        return pick(List.of("", "http", "dns"));
    }

    private Protocol protocol() {
        return pick(List.of(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP));
    }

    private IpAddress v4(String start, int count) {
        return IpAddress.parse(start + (1 + random.nextInt(count)));
    }

    private IpAddress v6(String start, int count) {
        return IpAddress.parse(start + (1 + random.nextInt(count)));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
