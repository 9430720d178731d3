package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.http.Answer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health check node ports of Services (spec: process, section 4): on each a load balancer learns whether this node has
 * endpoints of the Service. Each family has its own count.
 *
 * <p>Java cannot make an IPv6-only socket. Where IPv6 answers on all addresses, one socket therefore serves both families,
 * tells them apart by the address the client has called, and drops connections of a family that has no such check.
 *
 * <p>Changed by one thread; read by any number.
 */
public final class ServiceHealthChecks implements AutoCloseable {

    /** Told when a port cannot be opened; it is tried again with the next {@link #services}. */
    public interface FailureListener {

        void failed(NamespacedName service, int port, IOException failure);
    }

    /** Sockets that belong together: those of one Service, for these families. */
    private record Place(NamespacedName service, int port, Set<IpFamily> families) {}

    private record Check(IpFamily family, NamespacedName service) {}

    private static final Logger log = LoggerFactory.getLogger(ServiceHealthChecks.class);

    private final Function<IpFamily, CheckAddresses> addresses;
    private final Map<IpFamily, CheckAddresses> known = new ConcurrentHashMap<>();
    private final BooleanSupplier proxyHealthy;
    private final FailureListener failures;
    private final Map<IpFamily, Map<NamespacedName, Integer>> ports = new EnumMap<>(IpFamily.class);
    private final Map<Place, List<CheckSocket>> open = new LinkedHashMap<>();
    private final Map<Check, Integer> counts = new ConcurrentHashMap<>();

    /**
     * No checks yet.
     *
     * @param addresses asked once for each family, when its first check is opened
     */
    public ServiceHealthChecks(
            Function<IpFamily, CheckAddresses> addresses, BooleanSupplier proxyHealthy, FailureListener failures) {
        this.addresses = addresses;
        this.proxyHealthy = proxyHealthy;
        this.failures = failures;
    }

    /** Opens, closes and keeps ports so that the family's are these; a new one, or one that moved, starts with count 0. */
    public void services(IpFamily family, Map<NamespacedName, Integer> wanted) {
        var before = ports.getOrDefault(family, Map.of());
        before.forEach((service, port) -> {
            if (!port.equals(wanted.get(service))) {
                counts.remove(new Check(family, service));
            }
        });
        wanted.keySet().forEach(service -> counts.putIfAbsent(new Check(family, service), 0));
        ports.put(family, Map.copyOf(wanted));
        settle();
    }

    /** How many local endpoints are ready, by Service; 0 for those not named, and unknown ones do not count. */
    public void endpoints(IpFamily family, Map<NamespacedName, Integer> ready) {
        for (var service : ports.getOrDefault(family, Map.of()).keySet()) {
            counts.put(new Check(family, service), ready.getOrDefault(service, 0));
        }
    }

    /** The Services whose port is open for this family. */
    public Map<NamespacedName, Integer> listening(IpFamily family) {
        var listening = new HashMap<NamespacedName, Integer>();
        open.keySet().stream()
                .filter(place -> place.families().contains(family))
                .forEach(place -> listening.put(place.service(), place.port()));
        return listening;
    }

    private void settle() {
        var wanted = places();
        open.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) {
                return false;
            }
            log.atDebug()
                    .addKeyValue("service", entry.getKey().service())
                    .addKeyValue("port", entry.getKey().port())
                    .log("Closing healthcheck");
            entry.getValue().forEach(CheckSocket::close);
            return true;
        });
        for (var place : wanted) {
            if (!open.containsKey(place)) {
                open(place);
            }
        }
    }

    private Set<Place> places() {
        var families = new LinkedHashMap<Map.Entry<NamespacedName, Integer>, EnumSet<IpFamily>>();
        ports.forEach((family, services) -> services.forEach((service, port) -> families.computeIfAbsent(
                        Map.entry(service, port), _ -> EnumSet.noneOf(IpFamily.class))
                .add(family)));
        var places = new LinkedHashSet<Place>();
        families.forEach((check, of) -> {
            if (isShared(of)) {
                places.add(new Place(check.getKey(), check.getValue(), of));
            } else {
                of.forEach(family -> places.add(new Place(check.getKey(), check.getValue(), EnumSet.of(family))));
            }
        });
        return places;
    }

    private boolean isShared(Set<IpFamily> families) {
        return families.contains(IpFamily.IPV6) && addressesOf(IpFamily.IPV6).all();
    }

    private CheckAddresses addressesOf(IpFamily family) {
        return known.computeIfAbsent(family, addresses);
    }

    private void open(Place place) {
        log.atDebug()
                .addKeyValue("service", place.service())
                .addKeyValue("port", place.port())
                .log("Opening healthcheck");
        var sockets = new ArrayList<CheckSocket>();
        for (var address : socketAddresses(place)) {
            try {
                var family = address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
                sockets.add(CheckSocket.open(family, address, called -> answer(place, called)));
            } catch (IOException e) {
                sockets.forEach(CheckSocket::close);
                var failure = new IOException(
                        "listen tcp " + address + ": " + e.getMessage()
                                + "; see which program holds the port (ss -ltnp), it is tried again at the next sync",
                        e);
                log.atError()
                        .addKeyValue("service", place.service())
                        .addKeyValue("port", place.port())
                        .addKeyValue("err", failure)
                        .log("Failed to start healthcheck");
                failures.failed(place.service(), place.port(), failure);
                return;
            }
        }
        open.put(place, sockets);
    }

    private List<InetSocketAddress> socketAddresses(Place place) {
        if (isShared(place.families())) {
            return List.of(socketAddress(IpAddress.parse("::"), place.port()));
        }
        var of = addressesOf(place.families().iterator().next());
        return of.all()
                ? List.of(socketAddress(IpAddress.parse("0.0.0.0"), place.port()))
                : of.some().stream()
                        .sorted()
                        .map(address -> socketAddress(address, place.port()))
                        .toList();
    }

    private static InetSocketAddress socketAddress(IpAddress address, int port) {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    private Optional<Answer> answer(Place place, InetAddress called) {
        var address = IpAddress.of(called);
        if (!place.families().contains(address.family())
                || !addressesOf(address.family()).contains(address)) {
            return Optional.empty();
        }
        return Optional.ofNullable(counts.get(new Check(address.family(), place.service())))
                .map(count -> answer(place.service(), count));
    }

    private Answer answer(NamespacedName service, int count) {
        boolean healthy = proxyHealthy.getAsBoolean();
        // Names are DNS labels: the source refuses others, so nothing needs escaping.
        var body = """
                {
                \t"service": {
                \t\t"namespace": "%s",
                \t\t"name": "%s"
                \t},
                \t"localEndpoints": %d,
                \t"serviceProxyHealthy": %b
                }""".formatted(service.namespace(), service.name(), count, healthy);
        return Answer.of(healthy && count != 0 ? 200 : 503, Answer.JSON, body)
                .with("X-Load-Balancing-Endpoint-Weight", Integer.toString(count));
    }

    @Override
    public void close() {
        open.values().forEach(sockets -> sockets.forEach(CheckSocket::close));
        open.clear();
    }
}
