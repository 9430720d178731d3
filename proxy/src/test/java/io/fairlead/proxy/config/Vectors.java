package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Runs the cases of one vector file (facts recorded from upstream's own tests) that lie outside the project, where the
 * environment variable FAIRLEAD_VECTORS says; without it nothing is run and a line says so.
 */
final class Vectors {

    interface Check {
        void accept(JsonNode vector) throws Exception;
    }

    private Vectors() {}

    static Optional<Path> file(String name) {
        var folder = Optional.ofNullable(System.getenv("FAIRLEAD_VECTORS"));
        if (folder.isEmpty()) {
            System.out.println("vectors " + name + ": skipped, FAIRLEAD_VECTORS is not set");
        }
        return folder.map(path -> Path.of(path, name));
    }

    /** Runs every vector the predicate picks, prints how many passed, and fails with all that did not. */
    static void run(String name, Predicate<JsonNode> picked, Check check) throws IOException {
        var file = file(name);
        if (file.isEmpty()) {
            return;
        }
        var failures = new ArrayList<String>();
        int passed = 0;
        for (var vector : new ObjectMapper().readTree(file.get().toFile())) {
            if (!picked.test(vector)) {
                continue;
            }
            try {
                check.accept(vector);
                passed++;
            } catch (Exception | AssertionError e) {
                failures.add(vector.path("test").asText() + " ("
                        + vector.path("name").asText() + "): " + e);
            }
        }
        System.out.println("vectors " + name + ": " + passed + " passed, " + failures.size() + " failed");
        assertThat(failures).isEmpty();
        assertThat(passed).isPositive();
    }

    static Predicate<JsonNode> kind(String kind) {
        return vector -> vector.path("kind").asText().equals(kind);
    }

    /** Vectors of one upstream test, with its subtests. */
    static Predicate<JsonNode> test(String test) {
        return vector -> vector.path("test").asText().equals(test)
                || vector.path("test").asText().startsWith(test + "/");
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
