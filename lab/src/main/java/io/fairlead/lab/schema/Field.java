package io.fairlead.lab.schema;

import java.util.Arrays;
import java.util.List;

/**
 * One field of a definition.
 *
 * @param wire its number in the protocol buffer message, after those of the messages it is in; empty if it has none
 * @param merge how a patch merges it: a key, {@code $set} for a set of values, or empty for replacement
 * @param listKeys for a list that is a map: the fields that tell its elements apart
 * @param retainKeys a patch keeps only the keys it names
 */
record Field(
        String name,
        List<Integer> wire,
        boolean required,
        FieldType type,
        String merge,
        List<String> listKeys,
        boolean retainKeys) {

    Field {
        wire = List.copyOf(wire);
        listKeys = List.copyOf(listKeys);
    }

    /** Reads {@code name[#wire][!]:type[@merge[/keys]]}. */
    static Field parse(String text) {
        int colon = text.indexOf(':');
        int at = text.indexOf('@');
        var name = text.substring(0, colon);
        boolean required = name.endsWith("!");
        name = required ? name.substring(0, name.length() - 1) : name;
        int hash = name.indexOf('#');
        var merging = at < 0 ? "" : text.substring(at + 1);
        boolean retain = merging.endsWith("%");
        if (retain) {
            merging = merging.substring(0, merging.length() - 1);
        }
        int slash = merging.indexOf('/');
        var key = slash < 0 ? merging : merging.substring(0, slash);
        var keys = slash < 0 ? key : merging.substring(slash + 1);
        return new Field(
                hash < 0 ? name : name.substring(0, hash),
                hash < 0 ? List.of() : numbers(name.substring(hash + 1)),
                required,
                FieldType.parse(text.substring(colon + 1, at < 0 ? text.length() : at)),
                key,
                keys.isEmpty() || keys.startsWith("$") ? List.of() : List.of(keys.split(",", -1)),
                retain);
    }

    private static List<Integer> numbers(String dotted) {
        return Arrays.stream(dotted.split("\\.", -1)).map(Integer::valueOf).toList();
    }
}
