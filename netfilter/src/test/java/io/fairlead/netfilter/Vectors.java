package io.fairlead.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Conformance vectors that are kept outside the repository, in the folder that {@code FAIRLEAD_VECTORS} names. */
public final class Vectors {

    /** Replays one vector; anything thrown means that it failed. */
    @FunctionalInterface
    public interface Replay {
        void replay(JsonNode vector) throws Throwable;
    }

    private Vectors() {}

    /**
     * Replays the vectors of a file, prints how many passed, and fails if others than the exceptions failed.
     *
     * @param exceptions names of tests that differ on purpose, and why
     */
    public static void replay(String file, Map<String, String> exceptions, Replay replay) throws Exception {
        replay(file, vector -> true, exceptions, replay);
    }

    /** The same for some of the vectors of a file. */
    public static void replay(String file, Predicate<JsonNode> which, Map<String, String> exceptions, Replay replay)
            throws Exception {
        var folder = Optional.ofNullable(System.getenv("FAIRLEAD_VECTORS"));
        assumeTrue(folder.isPresent(), "FAIRLEAD_VECTORS is not set: " + file + " is not replayed");
        var failures = new ArrayList<String>();
        int passed = 0;
        int excepted = 0;
        for (var vector :
                new ObjectMapper().readTree(Path.of(folder.get(), file).toFile())) {
            if (!which.test(vector)) {
                continue;
            }
            var test = vector.get("test").asText();
            if (exceptions.containsKey(test)) {
                excepted++;
                continue;
            }
            try {
                replay.replay(vector);
                passed++;
            } catch (Throwable e) {
                failures.add(test + ": " + e);
            }
        }
        System.out.println(file + ": " + passed + " passed, " + failures.size() + " failed, " + excepted + " excepted");
        assertThat(failures).isEmpty();
    }
}
