package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What would behave differently in nftables mode, Service by Service.
 *
 * @param general what is so for the node as a whole
 * @param services by name of the Service port
 */
public record ModeReport(List<String> general, Map<String, List<String>> services) implements Report {

    private static final List<String> GENERAL = List.of(
            "A cluster IP refuses what is sent to a port that no Service has; so far such packets were sent on.",
            "Addresses of the Service range that no Service has are dropped where the API names the range (ServiceCIDR); so"
                    + " far they were sent on.",
            "Forwarded packets get no ACCEPT from us in the filter table: a firewall that drops by default must let Service"
                    + " traffic through by itself.",
            "Packets that connection tracking calls INVALID are no longer dropped.");

    /** Compares one node's routing under the rules of both modes. */
    public static ModeReport of(List<NodeView> iptables, List<NodeView> nftables) {
        var services = new TreeMap<String, List<String>>();
        for (int i = 0; i < iptables.size(); i++) {
            var now = iptables.get(i);
            var then = nftables.get(i);
            now.table().services().values().forEach(ports -> {
                for (var port : ports) {
                    var differences = differences(port, now, then);
                    if (!differences.isEmpty()) {
                        services.computeIfAbsent(port.name().toString(), _ -> new ArrayList<>())
                                .addAll(differences);
                    }
                }
            });
        }
        return new ModeReport(GENERAL, services);
    }

    private static List<String> differences(ServiceRouting port, NodeView now, NodeView then) {
        var differences = new ArrayList<String>();
        if (port.nodePort() != 0) {
            var lost = now.machine().stream()
                    .filter(now::answersNodePorts)
                    .filter(address -> !then.answersNodePorts(address))
                    .filter(address -> !address.isLoopback())
                    .map(IpAddress::toString)
                    .sorted()
                    .toList();
            if (!lost.isEmpty()) {
                differences.add("node port " + port.nodePort() + " no longer answers on " + String.join(", ", lost)
                        + "; it answers on " + then.nodePortPlaces());
            } else if (now.nodePorts().matchAll() && !then.nodePorts().matchAll()) {
                differences.add("node port " + port.nodePort() + " answers on " + then.nodePortPlaces()
                        + " only, also when this machine gets other addresses");
            }
            if (now.localhostNodePorts()) {
                differences.add("node port " + port.nodePort() + " no longer answers on localhost");
            }
        }
        if (port.healthCheckNodePort() != 0) {
            differences.add("no rule of ours lets health check node port " + port.healthCheckNodePort()
                    + " through this node's own firewall");
        }
        boolean refusedLate = !port.endpoints().any()
                && !(port.externalIps().isEmpty() && port.loadBalancerVips().isEmpty());
        if (refusedLate) {
            differences.add(
                    "without endpoints its external addresses are refused to this node's own processes as well");
        }
        return differences;
    }

    @Override
    public boolean isClean() {
        return services.isEmpty();
    }

    @Override
    public Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("mode", "nftables");
        json.put("clean", isClean());
        json.put("general", general);
        json.put("services", services);
        return json;
    }

    @Override
    public String text() {
        var text = new StringBuilder("In nftables mode, for every Service:\n");
        general.forEach(each -> text.append("  ").append(each).append('\n'));
        text.append(services.isEmpty() ? "\nNo Service would behave differently besides.\n" : "");
        services.forEach((name, differences) -> {
            text.append('\n').append(Printable.of(name)).append(":\n");
            differences.forEach(each -> text.append("  ").append(each).append('\n'));
        });
        return text.toString();
    }
}
