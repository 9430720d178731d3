package io.fairlead.lab.dns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreImage;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The zone of a cluster and the reverse zones of its addresses, as the objects are at the moment of the question. */
public final class DnsZone {

    private static final DnsName IPV4_REVERSE = DnsName.of("in-addr.arpa");
    private static final DnsName IPV6_REVERSE = DnsName.of("ip6.arpa");
    private static final String SCHEMA_VERSION = "1.1.0";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final ObjectStore store;
    private final DnsName zone;

    /** @param domain such as {@code cluster.local} */
    public DnsZone(ObjectStore store, String domain) {
        this.store = store;
        this.zone = DnsName.of(domain);
    }

    /** @param type see {@link DnsType} */
    public DnsAnswer answer(DnsName name, int type) {
        if (name.isWithin(zone)) {
            return forward(name, type);
        }
        if (name.isWithin(IPV4_REVERSE) || name.isWithin(IPV6_REVERSE)) {
            return reverse(name, type);
        }
        return DnsAnswer.only(DnsAnswer.REFUSED); // there is nobody to ask
    }

    private DnsAnswer forward(DnsName name, int type) {
        var labels = name.below(zone);
        if (labels.isEmpty()) {
            return select(type, List.of(DnsRecord.soa(zone), DnsRecord.ns(name, DnsName.of("ns.dns." + zone))));
        }
        String last = labels.getLast();
        var rest = labels.subList(0, labels.size() - 1);
        return switch (last) {
            case "svc" -> rest.isEmpty() ? select(type, List.of()) : service(name, type, rest);
            case "pod" -> rest.isEmpty() ? select(type, List.of()) : pod(name, type, rest);
            case "dns-version" ->
                rest.isEmpty() ? select(type, List.of(DnsRecord.txt(name, SCHEMA_VERSION))) : noSuchName();
            default -> noSuchName();
        };
    }

    private DnsAnswer noSuchName() {
        return DnsAnswer.noSuchName(zone);
    }

    /** Those of the type asked for; an alias answers for every type. */
    private DnsAnswer select(int type, List<DnsRecord> records) {
        var chosen = records.stream()
                .filter(entry -> type == DnsType.ANY || entry.type() == type || entry.type() == DnsType.CNAME)
                .filter(entry -> entry.name().isValid())
                .toList();
        return DnsAnswer.of(chosen, zone);
    }

    /** @param labels before {@code svc}: …, Service, namespace */
    private DnsAnswer service(DnsName name, int type, List<String> labels) {
        var image = store.image();
        String namespace = labels.getLast();
        if (labels.size() == 1) {
            return hasNamespace(image, namespace) ? select(type, List.of()) : noSuchName();
        }
        var found = find(image, new NamespacedName(namespace, labels.get(labels.size() - 2)));
        if (found.isEmpty()) {
            return noSuchName();
        }
        var service = found.get();
        return switch (labels.size()) {
            case 2 -> ofService(name, type, service);
            case 3 -> ofHost(name, type, service, labels.getFirst());
            case 4 -> ofPort(name, type, service, labels.get(0), labels.get(1));
            default -> noSuchName();
        };
    }

    private DnsAnswer ofService(DnsName name, int type, ServiceEntry service) {
        if (service.externalName().isPresent()) {
            var target = DnsName.of(service.externalName().get());
            return select(type, target.isValid() ? List.of(DnsRecord.cname(name, target)) : List.of());
        }
        if (service.isHeadless() && service.hosts().isEmpty()) {
            return noSuchName();
        }
        if (type == DnsType.SRV) {
            return srv(
                    name,
                    service,
                    service.ports().stream().map(ServiceEntry.Port::name).toList(),
                    Optional.empty());
        }
        var addresses = service.isHeadless()
                ? service.hosts().stream().map(ServiceEntry.Host::address).distinct()
                : service.clusterIps().stream();
        return select(
                type, addresses.map(address -> DnsRecord.address(name, address)).toList());
    }

    private DnsAnswer ofHost(DnsName name, int type, ServiceEntry service, String host) {
        var hosts = service.hosts().stream()
                .filter(candidate -> candidate.name().equals(host))
                .map(candidate -> DnsRecord.address(name, candidate.address()))
                .distinct()
                .toList();
        return hosts.isEmpty() ? noSuchName() : select(type, hosts);
    }

    private DnsAnswer ofPort(DnsName name, int type, ServiceEntry service, String port, String protocol) {
        if (!port.startsWith("_") || !protocol.startsWith("_")) {
            return noSuchName();
        }
        var answer = srv(name, service, List.of(port.substring(1)), Optional.of(protocol.substring(1)));
        return answer.answers().isEmpty() ? noSuchName() : type == DnsType.SRV ? answer : select(type, List.of());
    }

    private DnsAnswer srv(DnsName name, ServiceEntry service, List<String> ports, Optional<String> protocol) {
        var records = new ArrayList<DnsRecord>();
        var addresses = new ArrayList<DnsRecord>();
        var own = name(service.name());
        if (service.isHeadless()) {
            for (var host : service.hosts()) {
                var target = DnsName.of(host.name() + "." + own);
                matching(host.ports(), ports, protocol)
                        .forEach(port -> records.add(DnsRecord.srv(name, port.number(), target)));
                addresses.add(DnsRecord.address(target, host.address()));
            }
        } else {
            matching(service.ports(), ports, protocol)
                    .forEach(port -> records.add(DnsRecord.srv(name, port.number(), own)));
            service.clusterIps().forEach(address -> addresses.add(DnsRecord.address(own, address)));
        }
        return records.isEmpty()
                ? DnsAnswer.of(records, zone)
                : DnsAnswer.of(records, zone).with(addresses);
    }

    private static Stream<ServiceEntry.Port> matching(
            List<ServiceEntry.Port> ports, List<String> names, Optional<String> protocol) {
        return ports.stream()
                .filter(port -> names.contains(port.name())
                        && protocol.map(port.protocol()::equals).orElse(true));
    }

    /** An address with dashes, whether or not a pod has it, as kubeadm's "pods insecure". */
    private DnsAnswer pod(DnsName name, int type, List<String> labels) {
        if (!hasNamespace(store.image(), labels.getLast())) {
            return noSuchName();
        }
        if (labels.size() == 1) {
            return select(type, List.of());
        }
        String text = labels.getFirst();
        var address = IpAddress.tryParse(text.replace('-', '.')).or(() -> IpAddress.tryParse(text.replace('-', ':')));
        return labels.size() == 2 && address.isPresent()
                ? select(type, List.of(DnsRecord.address(name, address.get())))
                : noSuchName();
    }

    private DnsAnswer reverse(DnsName name, int type) {
        var address = ReverseName.parse(name);
        if (address.isEmpty()) {
            return DnsAnswer.noSuchName(name.isWithin(IPV4_REVERSE) ? IPV4_REVERSE : IPV6_REVERSE);
        }
        var image = store.image();
        var targets = Stream.concat(clusterIps(image, address.get()), hosts(image, address.get()))
                .map(target -> DnsRecord.ptr(name, target))
                .distinct()
                .toList();
        var reverseZone = address.get().family() == IpFamily.IPV4 ? IPV4_REVERSE : IPV6_REVERSE;
        return targets.isEmpty()
                ? DnsAnswer.noSuchName(reverseZone)
                : DnsAnswer.of(type == DnsType.PTR || type == DnsType.ANY ? targets : List.of(), reverseZone);
    }

    private Stream<DnsName> clusterIps(StoreImage image, IpAddress address) {
        return image.objects(ResourceTypes.SERVICES).stream()
                .filter(service -> service.field(List.of("spec", "clusterIP")).equals(address.toString())
                        || entry(image, service).clusterIps().contains(address))
                .map(service -> name(service.name()));
    }

    private Stream<DnsName> hosts(StoreImage image, IpAddress address) {
        return image.objects(ResourceTypes.SERVICES).stream()
                .filter(service -> service.field(List.of("spec", "clusterIP")).equals("None"))
                .map(service -> entry(image, service))
                .flatMap(service -> service.hosts().stream()
                        .filter(host -> host.address().equals(address))
                        .map(host -> DnsName.of(host.name() + "." + name(service.name()))));
    }

    private DnsName name(NamespacedName service) {
        return DnsName.of(service.name() + "." + service.namespace() + ".svc." + zone);
    }

    private static boolean hasNamespace(StoreImage image, String namespace) {
        return image.get(ResourceTypes.NAMESPACES, new NamespacedName("", namespace))
                .isPresent();
    }

    private static Optional<ServiceEntry> find(StoreImage image, NamespacedName name) {
        return image.get(ResourceTypes.SERVICES, name).map(service -> entry(image, service));
    }

    private static ServiceEntry entry(StoreImage image, StoredObject service) {
        var name = service.name();
        boolean headless = service.field(List.of("spec", "clusterIP")).equals("None");
        var slices = headless
                ? image.objects(ResourceTypes.ENDPOINT_SLICES).stream()
                        .filter(slice -> slice.name().namespace().equals(name.namespace())
                                && name.name().equals(slice.labels().get(SERVICE_NAME)))
                        .map(StoredObject::toJson)
                        .toList()
                : List.<ObjectNode>of();
        return ServiceEntry.of(name, service.toJson(), slices);
    }
}
