package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way into the cluster past its own network.
 *
 * @param what node port, external IP and so on
 * @param where addresses, in words
 * @param limits who may come in and how far, in words; empty for everybody and everywhere
 */
record Exposure(String service, String what, String where, int port, String protocol, String limits) {

    /** All of one family, by Service. */
    static List<Exposure> of(NodeView view) {
        var found = new ArrayList<Exposure>();
        var places = view.nodePortPlaces();
        view.table().services().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> entry.getValue().forEach(port -> add(port, places, found)));
        return found;
    }

    private static void add(ServiceRouting port, String places, List<Exposure> found) {
        var name = port.name().toString();
        var protocol = port.name().protocol().text();
        var local = port.externalPolicyLocal() ? "only endpoints on this node" : "";
        if (port.nodePort() != 0) {
            found.add(new Exposure(name, "node port", places, port.nodePort(), protocol, local));
        }
        if (port.healthCheckNodePort() != 0) {
            found.add(new Exposure(name, "health check node port", places, port.healthCheckNodePort(), "tcp", ""));
        }
        for (IpAddress ip : port.externalIps()) {
            found.add(new Exposure(name, "external IP", ip.toString(), port.port(), protocol, local));
        }
        for (IpAddress ip : port.loadBalancerVips()) {
            var ranges = port.sourceRanges().isEmpty() ? "" : "only from " + port.sourceRanges();
            var limits = local.isEmpty() || ranges.isEmpty() ? ranges + local : ranges + ", " + local;
            found.add(new Exposure(name, "load balancer", ip.toString(), port.port(), protocol, limits));
        }
    }

    String text() {
        return Printable.of(service) + ": " + what + " " + port + "/" + protocol + " on " + where
                + (limits.isEmpty() ? "" : ", " + limits);
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("service", service);
        json.put("what", what);
        json.put("where", where);
        json.put("port", port);
        json.put("protocol", protocol);
        json.put("limits", limits);
        return json;
    }
}
