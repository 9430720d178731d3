package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A Service in a table. */
record ServiceRow(Age age) {

    Table table() {
        return new Table(
                List.of(
                        Table.Column.of("Name"),
                        Table.Column.of("Type"),
                        Table.Column.of("Cluster-IP"),
                        Table.Column.of("External-IP"),
                        Table.Column.of("Port(s)"),
                        Table.Column.of("Age"),
                        Table.Column.wide("Selector")),
                this::cells);
    }

    private List<JsonNode> cells(ObjectNode service) {
        return List.of(
                Cells.name(service),
                service.at("/spec/type"),
                Cells.orNone(service.at("/spec/clusterIPs/0")),
                Cells.text(externalIp(service)),
                Cells.text(ports(service.at("/spec/ports"))),
                Cells.text(age.since(service.at("/metadata/creationTimestamp"))),
                Cells.text(Cells.labels(service.at("/spec/selector"))));
    }

    private static String externalIp(ObjectNode service) {
        var all = new ArrayList<String>();
        boolean balanced = service.at("/spec/type").asText().equals("LoadBalancer");
        if (service.at("/spec/type").asText().equals("ExternalName")) {
            return service.at("/spec/externalName").asText();
        }
        if (balanced) {
            for (var ingress : service.at("/status/loadBalancer/ingress")) {
                all.add(
                        ingress.has("ip")
                                ? ingress.path("ip").asText()
                                : ingress.path("hostname").asText());
            }
        }
        all.addAll(Cells.texts(service.at("/spec/externalIPs")));
        if (all.isEmpty()) {
            return balanced ? "<pending>" : Cells.NONE;
        }
        return String.join(",", all);
    }

    private static String ports(JsonNode ports) {
        var joined = new StringJoiner(",").setEmptyValue(Cells.NONE);
        for (var port : ports) {
            var node = port.path("nodePort").asInt();
            joined.add(port.path("port").asText()
                    + (node == 0 ? "" : ":" + node)
                    + "/"
                    + port.path("protocol").asText());
        }
        return joined.toString();
    }
}
