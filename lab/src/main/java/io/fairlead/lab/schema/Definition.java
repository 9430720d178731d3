package io.fairlead.lab.schema;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of object or of a part of one.
 *
 * @param wire its protocol buffer message: what is under each number
 */
record Definition(String name, Map<String, Field> fields, Map<Integer, Wire> wire) {

    /** What a number of a protocol buffer message stands for. */
    sealed interface Wire {

        record Of(Field field) implements Wire {}

        /** A message whose fields JSON shows as if they were in the outer one. */
        record Inline(Map<Integer, Wire> fields) implements Wire {}
    }

    /** Reads {@code Name field … field …}. */
    static Definition parse(String line) {
        var words = line.split(" ", -1);
        var fields = new LinkedHashMap<String, Field>();
        Map<Integer, Wire> wire = new HashMap<>();
        Arrays.stream(words).skip(1).map(Field::parse).forEach(field -> {
            fields.put(field.name(), field);
            place(field, field.wire(), wire);
        });
        return new Definition(words[0], fields, wire);
    }

    private static void place(Field field, List<Integer> numbers, Map<Integer, Wire> wire) {
        if (numbers.size() == 1) {
            wire.put(numbers.getFirst(), new Wire.Of(field));
        } else if (numbers.size() > 1
                && wire.computeIfAbsent(numbers.getFirst(), _ -> new Wire.Inline(new HashMap<>()))
                        instanceof Wire.Inline(var inner)) {
            place(field, numbers.subList(1, numbers.size()), inner);
        }
    }

    /** The name without the group that tells it from others of the same name: {@code EndpointPort}. */
    String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
