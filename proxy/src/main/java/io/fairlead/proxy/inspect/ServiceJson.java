package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** One Service port with its endpoints, as JSON and as lines. */
final class ServiceJson {

    private ServiceJson() {}

    static Map<String, Object> of(ServiceRouting port) {
        var json = withoutEndpoints(port);
        json.put(
                "endpoints",
                port.endpoints().all().stream()
                        .map(endpoint -> endpoint(port, endpoint))
                        .toList());
        return json;
    }

    /** For long lists: of the endpoints only how many there are, how many are ready, and how many get traffic from here. */
    static Map<String, Object> counted(ServiceRouting port) {
        var json = withoutEndpoints(port);
        var endpoints = port.endpoints();
        json.put(
                "endpointCounts",
                Map.of(
                        "all",
                        endpoints.all().size(),
                        "ready",
                        endpoints.all().stream().filter(RoutedEndpoint::ready).count(),
                        "used",
                        endpoints.reachable().size()));
        return json;
    }

    private static Map<String, Object> withoutEndpoints(ServiceRouting port) {
        var json = new LinkedHashMap<String, Object>();
        json.put("namespace", port.name().service().namespace());
        json.put("name", port.name().service().name());
        json.put("portName", port.name().port());
        json.put("protocol", port.name().protocol().text());
        json.put("family", port.clusterIp().family().toString());
        json.put("clusterIP", port.clusterIp().toString());
        json.put("port", port.port());
        json.put("nodePort", port.nodePort());
        json.put("externalIPs", texts(port.externalIps()));
        json.put("loadBalancerIPs", texts(port.loadBalancerVips()));
        json.put(
                "sourceRanges",
                port.sourceRanges().stream().map(Object::toString).toList());
        json.put("affinitySeconds", port.affinitySeconds());
        json.put("internalTrafficPolicy", port.internalPolicyLocal() ? "Local" : "Cluster");
        json.put("externalTrafficPolicy", port.externalPolicyLocal() ? "Local" : "Cluster");
        json.put("healthCheckNodePort", port.healthCheckNodePort());
        json.put("topology", port.endpoints().topology().name().toLowerCase(Locale.ROOT));
        return json;
    }

    private static List<String> texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toList();
    }

    private static Map<String, Object> endpoint(ServiceRouting port, RoutedEndpoint endpoint) {
        var conditions = endpoint.endpoint();
        var json = new LinkedHashMap<String, Object>();
        json.put("address", endpoint.text());
        json.put("node", conditions.nodeName().orElse(""));
        json.put("ready", conditions.ready());
        json.put("serving", conditions.serving());
        json.put("terminating", conditions.terminating());
        json.put("local", endpoint.local());
        json.put("zoneHints", List.copyOf(new TreeSet<>(conditions.zoneHints())));
        json.put("usedByCluster", port.endpoints().cluster().contains(endpoint));
        json.put("usedByLocal", port.endpoints().local().contains(endpoint));
        return json;
    }

    static void write(ServiceRouting port, StringBuilder text) {
        text.append(Printable.of(port.name().toString()))
                .append(' ')
                .append(port.clusterIp().withPort(port.port()))
                .append('/')
                .append(port.name().protocol().text());
        if (port.nodePort() != 0) {
            text.append(", node port ").append(port.nodePort());
        }
        port.externalIps().forEach(ip -> text.append(", external IP ").append(ip));
        port.loadBalancerVips().forEach(ip -> text.append(", load balancer ").append(ip));
        text.append('\n');
        for (var endpoint : port.endpoints().all()) {
            text.append("  ").append(endpoint.text());
            endpoint.endpoint().nodeName().ifPresent(node -> text.append(" on ").append(Printable.of(node)));
            text.append(": ").append(conditions(endpoint));
            if (!port.endpoints().reachable().contains(endpoint)) {
                text.append(", not used from here");
            }
            text.append('\n');
        }
    }

    private static String conditions(RoutedEndpoint endpoint) {
        if (endpoint.ready()) {
            return "ready";
        }
        var conditions = endpoint.endpoint();
        return (conditions.terminating() ? "terminating" : "not ready") + (conditions.serving() ? ", serving" : "");
    }
}
