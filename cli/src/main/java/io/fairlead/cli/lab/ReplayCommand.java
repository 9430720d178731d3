package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabCluster;
import io.fairlead.lab.cluster.LabDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead lab replay}. */
@Command(
        name = "replay",
        header = "Show on three nodes what a Service becomes, check every step, and clean up.",
        description = {
            "",
            "Starts a lab of its own, creates a pod and a Service with kubectl, asks the Service from every node and from"
                    + " a pod, shows its rules on all nodes, deletes it and sees them go. The exit status is 0 only if"
                    + " everything was as it should be.",
            ""
        },
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Mixin
    private PlanOptions plan = new PlanOptions();

    @Option(
            names = "--within",
            paramLabel = "MS",
            defaultValue = "1000",
            description =
                    "How soon the rules of a deleted Service must be gone, in milliseconds (default: ${DEFAULT-VALUE}).")
    long within = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Requirements.check(plan.mode);
        sayLeftovers();
        var out = spec.commandLine().getOut();
        var name = "replay-" + ProcessHandle.current().pid();
        out.println("# Three nodes, a control plane and a proxy on every node are starting ...");
        out.flush();
        var verdict = new Verdict(out);
        long begin = System.nanoTime();
        try (var cluster = LabCluster.start(
                plan.plan(Article.NODES.size(), spec), LabName.base(), name, OwnProgram.commandLine())) {
            try {
                cluster.awaitReady(PATIENCE);
                out.printf("# ready after %.1f s%n%n", (System.nanoTime() - begin) / 1e9);
                new Replay(cluster, new Session(cluster, out), verdict, plan.mode, Duration.ofMillis(within)).run();
            } catch (IOException | RuntimeException e) {
                if (!cluster.isClosing()) {
                    throw e;
                }
                return CommandLine.ExitCode.SOFTWARE; // Interrupted: this is no news.
            }
        }
        out.printf("# %s (%.1f s)%n", verdict.summary(), (System.nanoTime() - begin) / 1e9);
        out.flush();
        return verdict.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Labs that crashed disturb nobody, but somebody should know. */
    private void sayLeftovers() throws Exception {
        for (var lab : LabDirectory.all(LabName.base())) {
            if (lab.runningProcess().isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("lab \"" + lab.name()
                                + "\" ended without cleaning up; \"fairlead lab down\" removes what it" + " left");
            }
        }
    }
}
