package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import io.fairlead.netfilter.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Endpoints and EndpointSlices in a table. */
record EndpointsRow(Age age) {

    Table endpoints() {
        return new Table(
                List.of(Table.Column.of("Name"), Table.Column.of("Endpoints"), Table.Column.of("Age")),
                object -> List.of(
                        Cells.name(object),
                        Cells.text(Cells.firstThree(addresses(object), Cells.NONE)),
                        Cells.text(age.since(object.at("/metadata/creationTimestamp")))));
    }

    private static List<String> addresses(ObjectNode endpoints) {
        var all = new ArrayList<String>();
        for (var subset : endpoints.path("subsets")) {
            var ports = subset.path("ports");
            if (ports.isEmpty()) {
                subset.path("addresses")
                        .forEach(address -> all.add(address.path("ip").asText()));
            }
            for (var port : ports) {
                for (var address : subset.path("addresses")) {
                    all.add(withPort(
                            address.path("ip").asText(), port.path("port").asInt()));
                }
            }
        }
        return all;
    }

    private static String withPort(String ip, int port) {
        return IpAddress.tryParse(ip).map(address -> address.withPort(port)).orElse(ip + ":" + port);
    }

    Table slices() {
        return new Table(
                List.of(
                        Table.Column.of("Name"),
                        Table.Column.of("AddressType"),
                        Table.Column.of("Ports"),
                        Table.Column.of("Endpoints"),
                        Table.Column.of("Age")),
                object -> List.of(
                        Cells.name(object),
                        object.path("addressType"),
                        Cells.text(ports(object.path("ports"))),
                        Cells.text(Cells.firstThree(sliceAddresses(object), "<unset>")),
                        Cells.text(age.since(object.at("/metadata/creationTimestamp")))));
    }

    private static List<String> sliceAddresses(ObjectNode slice) {
        var all = new ArrayList<String>();
        slice.path("endpoints").forEach(endpoint -> all.addAll(Cells.texts(endpoint.path("addresses"))));
        return all;
    }

    private static String ports(JsonNode ports) {
        var all = new ArrayList<String>();
        ports.forEach(port -> all.add(port.has("port") ? port.path("port").asText() : "*"));
        return Cells.firstThree(all, "<unset>");
    }
}
