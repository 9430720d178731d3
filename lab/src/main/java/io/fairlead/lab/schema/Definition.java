package io.fairlead.lab.schema;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A kind of object or of a part of one. */
record Definition(String name, Map<String, Field> fields) {

    /** Reads {@code Name field … field …}. */
    static Definition parse(String line) {
        var words = line.split(" ", -1);
        var fields = new LinkedHashMap<String, Field>();
        Arrays.stream(words).skip(1).map(Field::parse).forEach(field -> fields.put(field.name(), field));
        return new Definition(words[0], fields);
    }

    /** The name without the group that tells it from others of the same name: {@code EndpointPort}. */
    String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
