package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/debugging.md shows what really comes out. */
class DebuggingPageTest {

    private static final Path PAGE = Path.of("../docs/debugging.md");
    private static final String EXAMPLE_LINE = "EXAMPLE=\"";

    /** A command of the page and what it shows below. */
    record Shown(String command, String output) {

        boolean needsRoot() {
            return command.startsWith("sudo ");
        }

        /** The words, with paths as seen from this module. */
        List<String> words(String example) {
            return Arrays.stream(command.replaceFirst("^sudo ", "")
                            .replace("$EXAMPLE", example)
                            .replace("examples/", "../examples/")
                            .split(" ", -1))
                    .toList();
        }
    }

    static Stream<Shown> commandsWithoutAKernel() throws IOException {
        return shown().stream().filter(each -> !each.needsRoot());
    }

    @ParameterizedTest
    @MethodSource
    void commandsWithoutAKernel(Shown shown) throws IOException {
        var words = shown.words(example());
        assertThat(words.getFirst()).isEqualTo("./fairlead");
        var out = new ByteArrayOutputStream();
        try (var printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            Main.run(words.subList(1, words.size()).toArray(String[]::new), printed, printed);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(shown.output());
    }

    @Test
    @Tag("kernel")
    void commandsWithAKernel() throws Exception {
        var example = example();
        try (var namespace = NetworkNamespace.create("doc")) {
            var machine = FairleadProcess.in(namespace);
            for (var shown : shown().stream().filter(Shown::needsRoot).toList()) {
                var words = shown.words(example);
                if (!words.getFirst().equals("./fairlead")) {
                    machine.exec(words.toArray(String[]::new));
                    continue;
                }
                var run = machine.run(words.subList(1, words.size()).toArray(String[]::new));
                boolean logs = words.contains("proxy");
                assertThat(logs ? run.stdout() : run.stdout() + run.stderr())
                        .as(shown.command())
                        .isEqualTo(shown.output());
            }
        }
    }

    @Test
    void thePageHasTenProblems() throws IOException {
        assertThat(Files.readAllLines(PAGE).stream().filter(line -> line.matches("## \\d+\\. .*")))
                .hasSize(10);
        assertThat(shown()).hasSizeGreaterThanOrEqualTo(15);
    }

    private static String example() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith(EXAMPLE_LINE))
                .map(line -> line.substring(EXAMPLE_LINE.length(), line.length() - 1))
                .findFirst()
                .orElseThrow();
    }

    private static List<Shown> shown() throws IOException {
        var all = new ArrayList<Shown>();
        var command = "";
        var output = new StringBuilder();
        boolean inside = false;
        for (var line : Files.readAllLines(PAGE)) {
            boolean ends = inside && (line.startsWith("```") || line.startsWith("$ "));
            if (ends && !command.isEmpty()) {
                all.add(new Shown(command, output.toString()));
                command = "";
                output.setLength(0);
            }
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                command = line.substring(2);
            } else if (inside) {
                output.append(line).append('\n');
            }
        }
        return all;
    }
}
