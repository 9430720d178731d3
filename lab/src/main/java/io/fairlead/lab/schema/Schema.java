package io.fairlead.lab.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All definitions; immutable. */
public final class Schema {

    /** A kind of whole objects. */
    record Kind(String apiVersion, String kind, String definition) {

        String group() {
            int slash = apiVersion.indexOf('/');
            return slash < 0 ? "" : apiVersion.substring(0, slash);
        }

        String version() {
            return apiVersion.substring(apiVersion.indexOf('/') + 1);
        }
    }

    private final List<Kind> kinds;
    private final Map<String, Definition> definitions;

    private Schema(List<Kind> kinds, Map<String, Definition> definitions) {
        this.kinds = List.copyOf(kinds);
        this.definitions = definitions;
    }

    /** Reads the definitions that come with this package. */
    public static Schema read() {
        try (var resource = Objects.requireNonNull(Schema.class.getResourceAsStream("fields.txt"))) {
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema parse(String text) {
        var kinds = new ArrayList<Kind>();
        var definitions = new LinkedHashMap<String, Definition>();
        for (var line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            if (line.startsWith("kind ")) {
                var words = line.split(" ", -1);
                kinds.add(new Kind(words[1], words[2], words[3]));
            } else {
                var definition = Definition.parse(line);
                definitions.put(definition.name(), definition);
            }
        }
        return new Schema(kinds, definitions);
    }

    List<Kind> kinds() {
        return kinds;
    }

    Map<String, Definition> definitions() {
        return definitions;
    }

    Optional<Definition> definition(String apiVersion, String kind) {
        return kinds.stream()
                .filter(k -> k.apiVersion().equals(apiVersion) && k.kind().equals(kind))
                .findFirst()
                .map(k -> definition(k.definition()));
    }

    Definition definition(String name) {
        return Objects.requireNonNull(definitions.get(name), name);
    }

    /** Names of fields that a list's elements are told apart by; empty for lists that are not maps. */
    public List<String> listKeys(String apiVersion, String kind, List<String> path) {
        var at = definition(apiVersion, kind);
        List<String> keys = List.of();
        for (var name : path) {
            var field = at.map(definition -> definition.fields().get(name));
            if (field.isEmpty()) {
                return List.of();
            }
            keys = field.get().listKeys();
            at = reference(field.get().type()).map(this::definition);
        }
        return keys;
    }

    private static Optional<String> reference(FieldType type) {
        return switch (type) {
            case FieldType.Reference(var name) -> Optional.of(name);
            case FieldType.ListOf(var element) -> reference(element);
            case FieldType.MapOf(var value) -> reference(value);
            case FieldType.Scalar _ -> Optional.empty();
        };
    }
}
