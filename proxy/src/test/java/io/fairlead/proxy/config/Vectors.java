package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Predicate;

/** Runs the cases of one file of recorded facts, if there is one. */
final class Vectors {

    interface Check {
        void accept(JsonNode vector) throws Exception;
    }

    private Vectors() {}

    /** Runs every vector the predicate picks, prints how many passed, and fails with all that did not. */
    static void run(String name, Predicate<JsonNode> picked, Check check) throws IOException {
        var file = VectorFiles.file(name);
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
}
