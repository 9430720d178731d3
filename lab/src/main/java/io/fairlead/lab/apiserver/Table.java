package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/**
 * How objects of a type are shown as rows of a table, meta.k8s.io/v1.
 *
 * @param cells makes one object's row: a cell per column
 */
public record Table(List<Column> columns, Function<ObjectNode, List<JsonNode>> cells) {

    /**
     * A column.
     *
     * @param type {@code string}, {@code integer} or {@code date}
     * @param priority 0 is always shown, 1 only when wide
     */
    public record Column(String name, String type, int priority) {

        public static Column of(String name) {
            return new Column(name, "string", 0);
        }

        public static Column wide(String name) {
            return new Column(name, "string", 1);
        }
    }

    public Table {
        columns = List.copyOf(columns);
    }
}
