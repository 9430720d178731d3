package io.fairlead.proxy.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A parsed YAML or JSON document, before anybody has said what its fields mean. */
sealed interface ConfigNode {

    /** Keys in the document's order; of a repeated key the last value. */
    record Mapping(Map<String, ConfigNode> fields) implements ConfigNode {
        public Mapping {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    record Sequence(List<ConfigNode> items) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    record Text(String value) implements ConfigNode {}

    /** @param value the number in decimal, as JSON would write it */
    record Numeric(String value) implements ConfigNode {}

    record Bool(boolean value) implements ConfigNode {}

    record Null() implements ConfigNode {}

    /** The JSON name of this node's type, as decoding errors call it. */
    default String typeName() {
        return switch (this) {
            case Mapping _ -> "object";
            case Sequence _ -> "array";
            case Text _ -> "string";
            case Numeric _ -> "number";
            case Bool _ -> "bool";
            case Null _ -> "null";
        };
    }
}
