package io.fairlead.cli;

import java.io.Console;
import java.util.Optional;
import java.util.stream.Collectors;

/** Colours for a terminal, by how a line begins. */
final class Colour {

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private Colour() {}

    /** Only on a terminal, and not where the user wants none (no-color.org). */
    static boolean isWanted() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && System.getenv("NO_COLOR") == null;
    }

    static String paint(String text) {
        return text.lines().map(Colour::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String line) {
        var stripped = line.strip();
        if (stripped.startsWith("+ ") || stripped.startsWith("expected:")) {
            return GREEN + line + PLAIN;
        }
        if (stripped.startsWith("- ") || stripped.startsWith("found:")) {
            return RED + line + PLAIN;
        }
        boolean heading = !line.startsWith(" ") && (line.endsWith(":") || line.contains(" → "));
        return heading ? BOLD + line + PLAIN : line;
    }
}
