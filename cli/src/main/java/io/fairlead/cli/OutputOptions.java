package io.fairlead.cli;

import io.fairlead.proxy.inspect.Report;
import io.fairlead.proxy.metrics.JsonText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How an answer is printed, and the exit status that says what it was. */
final class OutputOptions {

    /** For people or for machines. */
    enum Format {
        TEXT,
        JSON
    }

    /** There is something to do. */
    static final int NOT_CLEAN = 2;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "For people (the default) or for machines.")
    Format format = Format.TEXT;

    /** Prints an answer made here. */
    int print(Report report, CommandSpec spec) {
        return print(
                format == Format.JSON ? JsonText.write(report.json()) + "\n" : report.text(), report.isClean(), spec);
    }

    /** Prints a daemon's answer. */
    int print(DaemonClient.Reply reply, CommandSpec spec) {
        return print(reply.body(), reply.clean(), spec);
    }

    private int print(String text, boolean clean, CommandSpec spec) {
        var out = spec.commandLine().getOut();
        out.print(format == Format.TEXT && Colour.isWanted() ? Colour.paint(text) : text);
        out.flush();
        return clean ? 0 : NOT_CLEAN;
    }
}
