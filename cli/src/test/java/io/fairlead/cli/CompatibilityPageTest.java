package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md names tests that there are. */
class CompatibilityPageTest {

    private static final Path PAGE = Path.of("..", "docs", "compatibility.md");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");
    private static final List<String> MODULES = List.of("netfilter", "proxy", "lab", "cli");

    @Test
    void everyTestItNamesIsThere() throws IOException {
        var tests = tests();
        var named = NAMED.matcher(Files.readString(PAGE)).results().toList();
        assertThat(named).hasSizeGreaterThan(100);
        assertThat(named.stream().filter(test -> !isThere(test, tests)).map(MatchResult::group))
                .isEmpty();
    }

    private static boolean isThere(MatchResult named, Map<String, List<String>> tests) {
        var method = named.group(2) == null ? "" : " " + named.group(2) + "(";
        return tests.getOrDefault(named.group(1), List.of()).stream().anyMatch(text -> text.contains(method));
    }

    /** The texts by the class's name, which more than one module may have. */
    private static Map<String, List<String>> tests() throws IOException {
        var tests = new TreeMap<String, List<String>>();
        for (var module : MODULES) {
            try (var files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                for (var file : files.filter(path -> path.toString().endsWith("Test.java"))
                        .toList()) {
                    tests.computeIfAbsent(file.getFileName().toString().replace(".java", ""), _ -> new ArrayList<>())
                            .add(Files.readString(file));
                }
            }
        }
        return tests;
    }

    /** A line of a table with a column for its tests that has nothing there says why it cannot. */
    @Test
    void everyLineIsShownOrNotApplicable() throws IOException {
        boolean shownBy = false;
        for (var line : Files.readAllLines(PAGE)) {
            shownBy = line.startsWith("|") && (shownBy || line.endsWith("Shown by |"));
            if (shownBy && !line.endsWith("Shown by |") && !line.startsWith("|---")) {
                assertThat(line).containsPattern(NAMED.pattern() + " \\|$|not applicable.* \\| \\|$");
            }
        }
    }
}
