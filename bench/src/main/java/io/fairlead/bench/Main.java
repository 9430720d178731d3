package io.fairlead.bench;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code bench/run}. */
@Command(
        name = "bench/run",
        description = {
            "Measures the daemon at the size of a real cluster, in network namespaces of its own, or tries its endurance.",
            "Needs root.",
            "Figures depend on the machine and on what else it does: compare what was measured in one run.",
            ""
        },
        subcommands = {
            Start.class,
            ColdStart.class,
            OneChange.class,
            Memory.class,
            Inspect.class,
            NftablesCost.class,
            Soak.class,
            ChurnUnderTraffic.class,
            ClusterServer.class,
            HelpCommand.class
        })
public final class Main implements Runnable {

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(run(args, System.out));
    }

    /** Runs one measurement and prints its figures. */
    static int run(String[] args, PrintStream out) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "nothing to measure given; see bench/run --help");
    }
}
