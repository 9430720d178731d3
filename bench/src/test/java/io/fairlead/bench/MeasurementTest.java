package io.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each measurement runs, at a small size, and finds in the kernel what it measured. No figure is judged. */
@Tag("kernel")
@Timeout(120)
class MeasurementTest {

    /** 300 Services have more chains than fit into one restore. */
    private static final List<String> SMALL = List.of("--services=300", "--endpoints=5");

    @Test
    void coldStartWritesTheSameRulesAsOneWholeRestore() {
        assertThat(measure("cold-start", "--runs=1"))
                .contains("run 1: start to synced")
                .contains("times the best first sync");
    }

    @Test
    void coldStartOnTheLegacyBackEnd() {
        assertThat(measure("cold-start", "--runs=1", "--backend=legacy")).contains("times the best first sync");
    }

    @Test
    void changesArriveInTheKernel() {
        assertThat(measure("one-change", "--changes=5"))
                .contains("endpoint replaced", "Service deleted", "Service added", "processor time");
    }

    @Test
    void memoryIsRead() {
        assertThat(measure("memory", "--changes=5", "--idle=0")).contains("after 5 changes", "live in the heap");
    }

    @Test
    void questionsAreAnswered() {
        assertThat(measure("inspect", "--times=2")).contains("explain", "plan", "audit", "processor time");
    }

    @Test
    void aStartWithoutServicesIsTimed() {
        assertThat(run(List.of("start", "--starts=1", "--idle=0")))
                .contains("start 1: ", "to first sync   median", "processor time  median", "resident        median");
    }

    private static String measure(String name, String... options) {
        var args = new ArrayList<>(List.of(name));
        args.addAll(SMALL);
        args.addAll(List.of(options));
        return run(args);
    }

    private static String run(List<String> args) {
        var out = new ByteArrayOutputStream();
        int status = Main.run(args.toArray(String[]::new), new PrintStream(out, true, StandardCharsets.UTF_8));
        var text = out.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(status).as(text).isZero();
        return text;
    }
}
