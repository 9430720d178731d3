package io.fairlead.cli.lab;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Collects what a replay checks, and shows it between the commands. */
final class Verdict {

    private final PrintWriter out;
    private final List<String> differences = new ArrayList<>();
    private int checks;

    Verdict(PrintWriter out) {
        this.out = out;
    }

    /** @param problem shown if it does not hold */
    void check(boolean holds, String claim, String problem) {
        checks++;
        if (holds) {
            out.println("# ok: " + claim);
        } else {
            differences.add(claim + ": " + problem);
            out.println("# DIFFERENT: " + claim + ": " + problem);
        }
        out.println();
        out.flush();
    }

    /** @param found what was expected otherwise */
    void check(List<String> found, String claim) {
        check(found.isEmpty(), claim, String.join("; ", found));
    }

    boolean holds() {
        return differences.isEmpty();
    }

    String summary() {
        return differences.isEmpty()
                ? "All " + checks + " checks hold."
                : differences.size() + " of " + checks + " checks do not hold: " + String.join("; ", differences);
    }
}
