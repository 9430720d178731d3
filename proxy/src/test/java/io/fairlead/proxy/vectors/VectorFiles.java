package io.fairlead.proxy.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** The folder of recorded facts, where the environment variable FAIRLEAD_VECTORS says. */
public final class VectorFiles {

    private static final String VARIABLE = "FAIRLEAD_VECTORS";

    private VectorFiles() {}

    static Optional<Path> folder() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    /** A file of that name; without the folder none, and a line that says so. */
    public static Optional<Path> file(String name) {
        if (folder().isEmpty()) {
            System.out.println("vectors " + name + ": skipped, " + VARIABLE + " is not set");
        }
        return folder().map(root -> root.resolve(name));
    }

    /** Names, relative to the folder, of the scenario files of one part; none without the folder. */
    public static List<String> scenarioFiles(String part) {
        return folder().map(root -> testFiles(root, part)).orElse(List.of());
    }

    private static List<String> testFiles(Path root, String part) {
        try (var files = Files.list(root.resolve(part))) {
            return files.map(file -> part + "/" + file.getFileName())
                    .filter(name -> name.startsWith(part + "/Test"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of a file; none without the folder. */
    public static Stream<JsonNode> records(String file) {
        return folder().map(root -> array(root.resolve(file))).orElse(Stream.empty());
    }

    private static Stream<JsonNode> array(Path file) {
        try (var raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            return stream(new ObjectMapper().readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    public static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }
}
