package io.fairlead.cli.lab;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead lab}. */
@Command(
        name = "lab",
        header = "A small real cluster on this machine: network namespaces, a control plane, a proxy on every node.",
        description = {
            "",
            "Needs root on Linux, iproute2 and iptables. Everything happens in network namespaces whose names begin with"
                    + " \"fl\"; the machine's own interfaces, routes and rules are not touched.",
            ""
        },
        sortOptions = false,
        subcommands = {
            ReplayCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ExecCommand.class,
            KubectlCommand.class,
            LoadCommand.class,
            ServeCommand.class
        })
public final class LabCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With its subcommands, those that run other programs taking these programs' options as they are. */
    public static CommandLine commandLine() {
        var line = new CommandLine(new LabCommand());
        for (var name : new String[] {"exec", "kubectl"}) {
            Objects.requireNonNull(line.getSubcommands().get(name), name)
                    .setStopAtPositional(true)
                    .setUnmatchedOptionsArePositionalParams(true);
        }
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; try: fairlead lab replay, fairlead lab up");
    }
}
