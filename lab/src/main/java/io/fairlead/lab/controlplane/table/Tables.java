package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.Table;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tables of a cluster's types. */
public final class Tables {

    private final Age age;

    public Tables(InstantSource clock) {
        this.age = new Age(clock);
    }

    /** Every type has one; that of an unknown type has name and age. */
    public Optional<Table> of(ResourceType type) {
        return Optional.of(
                switch (type.plural()) {
                    case "pods" -> new PodRow(age).table();
                    case "services" -> new ServiceRow(age).table();
                    case "endpoints" -> new EndpointsRow(age).endpoints();
                    case "endpointslices" -> new EndpointsRow(age).slices();
                    case "nodes" -> new NodeRow(age).table();
                    case "deployments" -> new WorkloadRow(age).deployments();
                    case "replicasets" -> new WorkloadRow(age).replicaSets();
                    case "daemonsets" -> new WorkloadRow(age).daemonSets();
                    case "events" -> new EventRow(age).table();
                    case "namespaces" -> named("Status", object -> object.at("/status/phase"));
                    case "configmaps" ->
                        named(
                                "Data",
                                object ->
                                        Cells.number((long) object.path("data").size()
                                                + object.path("binaryData").size()));
                    case "secrets" -> secrets();
                    case "serviceaccounts" ->
                        named(
                                "Secrets",
                                object -> Cells.number(object.path("secrets").size()));
                    case "leases" -> named("Holder", object -> object.at("/spec/holderIdentity"));
                    case "servicecidrs" ->
                        named("CIDRs", object -> Cells.text(String.join(",", Cells.texts(object.at("/spec/cidrs")))));
                    case "ipaddresses" ->
                        named(
                                "ParentRef",
                                object -> Cells.text(object.at("/spec/parentRef/resource")
                                                .asText()
                                        + "/"
                                        + object.at("/spec/parentRef/namespace").asText()
                                        + "/"
                                        + object.at("/spec/parentRef/name").asText()));
                    default -> table(List.of(), _ -> List.of());
                });
    }

    private Table secrets() {
        return table(
                List.of(Table.Column.of("Type"), new Table.Column("Data", "integer", 0)),
                object -> List.of(
                        Cells.text(object.path("type").asText("Opaque")),
                        Cells.number(object.path("data").size())));
    }

    private Table named(String column, Function<ObjectNode, JsonNode> cell) {
        return table(List.of(Table.Column.of(column)), object -> List.of(cell.apply(object)));
    }

    private Table table(List<Table.Column> columns, Function<ObjectNode, List<JsonNode>> cells) {
        var all = new ArrayList<Table.Column>();
        all.add(Table.Column.of("Name"));
        all.addAll(columns);
        all.add(Table.Column.of("Age"));
        return new Table(all, object -> {
            var row = new ArrayList<JsonNode>();
            row.add(Cells.name(object));
            row.addAll(cells.apply(object));
            row.add(Cells.text(age.since(object.at("/metadata/creationTimestamp"))));
            return row;
        });
    }
}
