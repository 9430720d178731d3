package io.fairlead.lab.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads objects from YAML or JSON files, several in a file, lists too. */
public final class ObjectFiles {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private ObjectFiles() {}

    /** @throws LabException when a file holds something else; names it */
    public static List<ObjectNode> read(List<Path> files) throws IOException {
        var objects = new ArrayList<ObjectNode>();
        for (var file : files) {
            try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readAllBytes(file))) {
                while (documents.hasNextValue()) {
                    add(documents.nextValue(), file, objects);
                }
            } catch (JacksonException e) {
                throw new LabException(file + ": " + e.getOriginalMessage() + " at line "
                        + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
            }
        }
        return objects;
    }

    private static void add(JsonNode document, Path file, List<ObjectNode> objects) throws LabException {
        if (document.isNull() || document.isMissingNode()) {
            return;
        }
        if (document.path("kind").asText().equals("List")) {
            for (var item : document.path("items")) {
                add(item, file, objects);
            }
        } else if (document instanceof ObjectNode object && object.path("kind").isTextual()) {
            objects.add(object);
        } else {
            throw new LabException(file + ": a document without a kind");
        }
    }
}
