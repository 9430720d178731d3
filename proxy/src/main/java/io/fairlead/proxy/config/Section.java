package io.fairlead.proxy.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One object of the document, read field by field with the type each field must have. An absent field and {@code null}
 * are the same; what was never asked for is an unknown field.
 */
final class Section {

    private final String type;
    private final String path;
    private final Map<String, ConfigNode> fields;
    private final Set<String> known = new HashSet<>();
    private final List<Section> children = new ArrayList<>();

    /**
     * @param type name of the API type, as decoding errors call it
     * @param path where the object is: empty for the document, else with a dot at the end
     */
    Section(String type, String path, Map<String, ConfigNode> fields) {
        this.type = type;
        this.path = path;
        this.fields = fields;
    }

    /** Empty when unset. */
    String text(String key) {
        return switch (value(key).orElse(new ConfigNode.Text(""))) {
            case ConfigNode.Text(var text) -> text;
            case ConfigNode other -> throw wrongType(key, other, "string");
        };
    }

    boolean flag(String key) {
        return optionalFlag(key).orElse(false);
    }

    Optional<Boolean> optionalFlag(String key) {
        return value(key).map(node -> switch (node) {
            case ConfigNode.Bool(var flag) -> flag;
            // YAML 1.1 booleans, which upstream's parser still reads.
            case ConfigNode.Text(var word)
            when Set.of("yes", "Yes", "YES", "on", "On", "ON").contains(word) -> true;
            case ConfigNode.Text(var word)
            when Set.of("no", "No", "NO", "off", "Off", "OFF").contains(word) -> false;
            default -> throw wrongType(key, node, "bool");
        });
    }

    Optional<Integer> optionalInt(String key) {
        return integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE, "int32").map(Long::intValue);
    }

    int integer(String key) {
        return optionalInt(key).orElse(0);
    }

    /** 0 to 2³²−1; 0 when unset. */
    long unsigned(String key) {
        return integer(key, 0, 0xffff_ffffL, "uint32").orElse(0L);
    }

    private Optional<Long> integer(String key, long min, long max, String typeName) {
        return value(key).map(node -> switch (node) {
            case ConfigNode.Numeric(var digits) ->
                inRange(digits, min, max)
                        .orElseThrow(() -> new ConfigException("json: cannot unmarshal number " + digits
                                + " into Go struct field " + name(key) + " of type " + typeName));
            default -> throw wrongType(key, node, typeName);
        });
    }

    private static Optional<Long> inRange(String digits, long min, long max) {
        try {
            var number = new BigInteger(digits);
            boolean fits =
                    number.compareTo(BigInteger.valueOf(min)) >= 0 && number.compareTo(BigInteger.valueOf(max)) <= 0;
            return fits ? Optional.of(number.longValue()) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    float decimal(String key) {
        return switch (value(key).orElse(new ConfigNode.Numeric("0"))) {
            case ConfigNode.Numeric(var digits) -> Float.parseFloat(digits);
            case ConfigNode other -> throw wrongType(key, other, "float32");
        };
    }

    Duration duration(String key) {
        return optionalDuration(key).orElse(Duration.ZERO);
    }

    Optional<Duration> optionalDuration(String key) {
        return value(key).map(node -> switch (node) {
            case ConfigNode.Text(var text) -> parseDuration(text);
            default -> throw wrongType(key, node, "string");
        });
    }

    /** A duration, or a whole number of nanoseconds. */
    FlushFrequency flushFrequency(String key) {
        return switch (value(key).orElse(new ConfigNode.Text("0"))) {
            case ConfigNode.Text(var text) -> new FlushFrequency(parseDuration(text), false);
            case ConfigNode.Numeric(var digits) ->
                new FlushFrequency(
                        Duration.ofNanos(inRange(digits, Long.MIN_VALUE, Long.MAX_VALUE)
                                .orElseThrow(() -> wrongType(key, new ConfigNode.Numeric(digits), "int64"))),
                        true);
            case ConfigNode other -> throw wrongType(key, other, "string");
        };
    }

    private static Duration parseDuration(String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A Kubernetes quantity as text; {@code 0} when unset. */
    String quantity(String key) {
        String text =
                switch (value(key).orElse(new ConfigNode.Numeric("0"))) {
                    case ConfigNode.Text(var quantity) -> quantity;
                    case ConfigNode.Numeric(var number) -> number;
                    case ConfigNode other -> throw wrongType(key, other, "string");
                };
        if (!LoggingConfig.isQuantity(text)) {
            throw new ConfigException(path + key + ": " + GoText.quote(text)
                    + " is not a quantity (a number with an optional suffix such as k, M, Ki, Mi)");
        }
        return text;
    }

    List<String> texts(String key) {
        return items(key, "[]string").stream()
                .map(item -> switch (item) {
                    case ConfigNode.Text(var text) -> text;
                    case ConfigNode.Null _ -> "";
                    default -> throw wrongType(key, item, "string");
                })
                .toList();
    }

    /** The objects of a list, each with its own place in the path. */
    List<Section> sections(String key, String elementType) {
        return items(key, "[]" + elementType).stream()
                .map(item -> child(key, elementType, item))
                .toList();
    }

    private List<ConfigNode> items(String key, String typeName) {
        return switch (value(key).orElse(new ConfigNode.Sequence(List.of()))) {
            case ConfigNode.Sequence(var items) -> items;
            case ConfigNode other -> throw wrongType(key, other, typeName);
        };
    }

    Section section(String key, String childType) {
        return child(key, childType, value(key).orElse(new ConfigNode.Mapping(Map.of())));
    }

    private Section child(String key, String childType, ConfigNode node) {
        if (!(node instanceof ConfigNode.Mapping(var childFields))) {
            throw wrongType(key, node, childType);
        }
        var child = new Section(childType, path + key + ".", childFields);
        children.add(child);
        return child;
    }

    /** A map whose keys are not known beforehand, with boolean values. */
    Map<String, Boolean> flags(String key) {
        var section = section(key, "map[string]bool");
        var flags = new TreeMap<String, Boolean>();
        section.fields.keySet().forEach(name -> flags.put(name, section.flag(name)));
        return flags;
    }

    /** Fields nobody asked for, here and below, with their paths. */
    List<String> unknownFields() {
        var unknown = new ArrayList<String>();
        fields.keySet().stream()
                .filter(key -> !known.contains(key))
                .map(path::concat)
                .forEach(unknown::add);
        children.forEach(child -> unknown.addAll(child.unknownFields()));
        return unknown.stream().sorted().toList();
    }

    private Optional<ConfigNode> value(String key) {
        known.add(key);
        var node = fields.get(key);
        return node == null || node instanceof ConfigNode.Null ? Optional.empty() : Optional.of(node);
    }

    private ConfigException wrongType(String key, ConfigNode node, String wanted) {
        return new ConfigException("json: cannot unmarshal " + node.typeName() + " into Go struct field " + name(key)
                + " of type " + wanted);
    }

    private String name(String key) {
        return type + "." + path + key;
    }
}
