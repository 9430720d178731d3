package io.fairlead.lab.dns;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What names can be made of a Service.
 *
 * @param clusterIps empty for a headless Service
 * @param externalName empty unless it is of that type
 * @param hosts the endpoints of a headless Service
 */
record ServiceEntry(
        NamespacedName name,
        List<IpAddress> clusterIps,
        Optional<String> externalName,
        List<Port> ports,
        List<Host> hosts) {

    /** @param protocol in lower case */
    record Port(String name, String protocol, int number) {}

    /** @param name its hostname, or its address with dashes */
    record Host(String name, IpAddress address, List<Port> ports) {}

    boolean isHeadless() {
        return clusterIps.isEmpty() && externalName.isEmpty();
    }

    /** @param slices of this Service; looked at only if it is headless */
    static ServiceEntry of(NamespacedName name, JsonNode service, List<? extends JsonNode> slices) {
        var spec = service.path("spec");
        var addresses = new ArrayList<IpAddress>();
        for (var address : spec.path("clusterIPs")) {
            IpAddress.tryParse(address.asText()).ifPresent(addresses::add);
        }
        if (addresses.isEmpty()) {
            IpAddress.tryParse(spec.path("clusterIP").asText("")).ifPresent(addresses::add);
        }
        Optional<String> external = spec.path("type").asText("").equals("ExternalName")
                ? Optional.of(spec.path("externalName").asText(""))
                : Optional.empty();
        boolean headless = addresses.isEmpty() && external.isEmpty();
        boolean all = spec.path("publishNotReadyAddresses").asBoolean();
        return new ServiceEntry(name, addresses, external, ports(spec), headless ? hosts(slices, all) : List.of());
    }

    private static List<Port> ports(JsonNode holder) {
        var ports = new ArrayList<Port>();
        for (var port : holder.path("ports")) {
            ports.add(new Port(
                    port.path("name").asText(""),
                    port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT),
                    port.path("port").asInt()));
        }
        return ports;
    }

    private static List<Host> hosts(List<? extends JsonNode> slices, boolean evenNotReady) {
        var hosts = new ArrayList<Host>();
        for (var slice : slices) {
            var ports = ports(slice);
            for (var endpoint : slice.path("endpoints")) {
                if (evenNotReady || endpoint.path("conditions").path("ready").asBoolean(true)) {
                    for (var text : endpoint.path("addresses")) {
                        IpAddress.tryParse(text.asText())
                                .map(address -> new Host(hostname(endpoint, address), address, ports))
                                .ifPresent(hosts::add);
                    }
                }
            }
        }
        return hosts;
    }

    private static String hostname(JsonNode endpoint, IpAddress address) {
        String said = endpoint.path("hostname").asText("");
        return said.isEmpty() ? dashed(address) : said.toLowerCase(Locale.ROOT);
    }

    static String dashed(IpAddress address) {
        return address.toString().replace('.', '-').replace(':', '-');
    }
}
