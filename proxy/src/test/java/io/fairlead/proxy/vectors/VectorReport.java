package io.fairlead.proxy.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * Makes a test of every record of a file, counts how they end and says so. A comparison listed in {@link
 * KnownDifference#ALL} may fail; if it does not, the list is out of date and the test fails.
 */
public final class VectorReport {

    /** Compares one record. */
    public interface Replay {
        void run(JsonNode vector, Run run) throws Exception;
    }

    /** Part of a comparison. */
    public interface Comparison {
        void run() throws Exception;
    }

    private static final class Count {
        private int passed;
        private int failed;
        private int excepted;
    }

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final Set<KnownDifference> met = new LinkedHashSet<>();

    /** One record on its way. */
    public final class Run {

        private final String file;
        private final String id;
        private final List<AssertionError> failures = new ArrayList<>();
        private boolean excepted;

        private Run(String file, String id) {
            this.file = file;
            this.id = id;
        }

        /** Compares; a difference is kept until the record is through, unless it is a known one. */
        public void compare(String what, Comparison comparison) throws Exception {
            var known = KnownDifference.of(file, id, what);
            try {
                comparison.run();
                known.ifPresent(stale -> failures.add(new AssertionError(
                        what + " does not differ any more: take it from the list of known differences")));
            } catch (AssertionError e) {
                if (known.isEmpty()) {
                    failures.add(new AssertionError(id + ": " + what + ": " + e.getMessage(), e));
                } else {
                    met.add(known.get());
                    excepted = true;
                }
            }
        }

        private void end() {
            if (!failures.isEmpty()) {
                var all = new AssertionError(failures.stream()
                        .map(failure -> String.valueOf(failure.getMessage()))
                        .collect(Collectors.joining("\n")));
                failures.forEach(all::addSuppressed);
                throw all;
            }
        }
    }

    /** A test per record; none, and a line that says why, without the vectors. */
    public Stream<DynamicTest> tests(String file, Function<JsonNode, String> id, Replay replay) {
        return tests(file, _ -> true, id, replay);
    }

    /** A test per record that is picked. */
    public Stream<DynamicTest> tests(
            String file, Predicate<JsonNode> picked, Function<JsonNode, String> id, Replay replay) {
        if (VectorFiles.file(file).isEmpty()) {
            return Stream.of(
                    DynamicTest.dynamicTest(file, () -> Assumptions.abort("skipped, FAIRLEAD_VECTORS is not set")));
        }
        var count = counts.computeIfAbsent(file, _ -> new Count());
        return VectorFiles.records(file).filter(picked).map(vector -> {
            var name = id.apply(vector);
            return DynamicTest.dynamicTest(name, () -> run(count, vector, new Run(file, name), replay));
        });
    }

    private void run(Count count, JsonNode vector, Run run, Replay replay) throws Exception {
        var unmatched = KnownDifference.of(run.file, run.id, KnownDifference.EVERYTHING);
        if (unmatched.isPresent()) {
            met.add(unmatched.get());
            count.excepted++;
            Assumptions.abort(unmatched.get().reason());
        }
        try {
            replay.run(vector, run);
            run.end();
        } catch (Exception | AssertionError e) {
            count.failed++;
            throw e;
        }
        if (run.excepted) {
            count.excepted++;
        } else {
            count.passed++;
        }
    }

    public void print() {
        counts.forEach((file, count) -> System.out.println("vectors " + file + ": " + count.passed + " passed, "
                + count.failed + " failed, " + count.excepted + " excepted"));
        met.forEach(known -> System.out.println("  excepted: " + known));
        KnownDifference.NEVER_COMPARED.stream()
                .filter(known -> counts.keySet().stream().anyMatch(known::isAbout))
                .forEach(known -> System.out.println("  never compared: " + known));
    }
}
