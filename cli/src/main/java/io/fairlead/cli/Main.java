package io.fairlead.cli;

import io.fairlead.cli.lab.LabCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code fairlead}. Exit status: 0 done, 1 failed, 2 called wrongly. */
@Command(
        name = "fairlead",
        header = "A Kubernetes service proxy: a drop-in replacement for kube-proxy.",
        description = {
            "",
            "Watches Services, EndpointSlices and this Node and keeps the node's packet rules exactly as kube-proxy 1.36"
                    + " would, from a cluster's API or from manifest files.",
            ""
        },
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "See it at work, as root:",
            "  fairlead lab replay                a cluster of three nodes on this machine, for a few seconds",
            "Try it without a cluster and without root:",
            "  fairlead render -f manifests/      the rules for these objects, nothing is touched",
            "  fairlead trace --rules FILE ...    where a packet goes, rule by rule",
            "With root:",
            "  fairlead proxy --once --manifests manifests/",
            "  fairlead proxy --kubeconfig /etc/kubernetes/proxy.conf"
        })
public final class Main implements Runnable {

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @CommandLine.Option(names = "--version", versionHelp = true, description = "Print the version and exit.")
    boolean version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The first argument in the place of {@code proxy} when Fairlead was called as kube-proxy, through a link. */
    private static final String KUBE_PROXY = "kube-proxy";

    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs one command to its end. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        var outWriter = new PrintWriter(out, false, StandardCharsets.UTF_8);
        var errWriter = new PrintWriter(err, true, StandardCharsets.UTF_8);
        String command = args.length == 0 ? "" : args[0];
        var line = commandLine(command);
        line.setOut(outWriter)
                .setErr(errWriter)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setOverwrittenOptionsAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(110)
                .setUsageHelpLongOptionsMaxWidth(36)
                .setParameterExceptionHandler(Errors::usage)
                .setExecutionExceptionHandler(Errors::failure);
        boolean lab = command.equals("lab"); // where options may be other programs'
        var arguments = lab ? args : Arrays.stream(args).map(Main::withDashes).toArray(String[]::new);
        if (arguments.length > 0 && arguments[0].equals(KUBE_PROXY)) {
            arguments[0] = "proxy";
            var proxy = Objects.requireNonNull(line.getSubcommands().get("proxy"), "the command proxy");
            proxy.setCommandName(KUBE_PROXY);
            proxy.getCommandSpec().exitCodeOnInvalidInput(CommandLine.ExitCode.SOFTWARE);
        }
        int status = line.execute(arguments);
        outWriter.flush();
        LogStreams.flush();
        return status;
    }

    /** With the one command when the daemon is started: making the others would take a part of its time. */
    static CommandLine commandLine(String first) {
        var line = new CommandLine(new Main()).addSubcommand(new ProxyCommand());
        if (!first.equals("proxy") && !first.equals(KUBE_PROXY)) {
            line.addSubcommand(new RenderCommand())
                    .addSubcommand(new TraceCommand())
                    .addSubcommand(new ExplainCommand())
                    .addSubcommand(new PlanCommand())
                    .addSubcommand(new AuditCommand())
                    .addSubcommand(new StateCommand())
                    .addSubcommand(LabCommand.commandLine())
                    .addSubcommand(new VersionCommand())
                    .addSubcommand(new HelpCommand());
        }
        return line;
    }

    /** Called as kube-proxy, the command keeps kube-proxy's exit status and version line. */
    static boolean asKubeProxy(CommandLine proxy) {
        return proxy.getCommandName().equals(KUBE_PROXY);
    }

    /** Flag names may be written with underscores, as kube-proxy's. */
    private static String withDashes(String arg) {
        if (!arg.startsWith("--")) {
            return arg;
        }
        int end = arg.indexOf('=');
        return end < 0 ? arg.replace('_', '-') : arg.substring(0, end).replace('_', '-') + arg.substring(end);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given; try: fairlead proxy --help, fairlead render --help, fairlead trace --help");
    }
}
