package io.fairlead.proxy.iptables;

import io.fairlead.proxy.dataplane.EndpointCount;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServicePortName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the counters of the rules that send a connection to an endpoint. Its first packet only ever meets the nat table. */
final class ConnectionCounts {

    private static final Pattern DNAT =
            Pattern.compile("\\[(\\d{1,18}):\\d+] -A (KUBE-SEP-\\w{16}) .*-j DNAT --to-destination \\S+");

    private record Target(ServicePortName port, RoutedEndpoint endpoint) {}

    private final Map<String, Target> targets = new HashMap<>();
    private final Consumer<EndpointCount> counts;

    ConnectionCounts(RoutingTable applied, Consumer<EndpointCount> counts) {
        this.counts = counts;
        applied.services().values().stream().flatMap(List::stream).forEach(port -> {
            for (var endpoint : port.endpoints().reachable()) {
                targets.put(Chains.endpoint(port.name(), endpoint), new Target(port.name(), endpoint));
            }
        });
    }

    /** A line of {@code iptables-save -c}. */
    void line(String line) {
        if (!line.contains(" -A KUBE-SEP-")) {
            return;
        }
        var rule = DNAT.matcher(line);
        if (rule.matches()) {
            Optional.ofNullable(targets.get(rule.group(2)))
                    .ifPresent(target -> counts.accept(
                            new EndpointCount(target.port(), target.endpoint(), Long.parseLong(rule.group(1)))));
        }
    }
}
