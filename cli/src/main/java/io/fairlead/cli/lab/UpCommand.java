package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabDirectory;
import io.fairlead.lab.cluster.LabException;
import io.fairlead.lab.cluster.LabNote;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead lab up}: starts the process that runs a lab, and waits until it is ready. */
@Command(name = "up", header = "Start a lab and leave it running.", sortOptions = false)
final class UpCommand implements Callable<Integer> {

    private static final Duration STEP = Duration.ofMillis(50);
    private static final int SHOWN_LINES = 20;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many nodes (default: ${DEFAULT-VALUE}).")
    int nodes = 3;

    @Mixin
    private PlanOptions plan = new PlanOptions();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description = "Objects to create once it is up, as for kubectl create -f. May be repeated.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private LabName lab = new LabName();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        plan.plan(nodes, spec);
        Requirements.check();
        for (var file : files) {
            if (!Files.isReadable(file)) {
                throw new LabException(file + ": cannot be read");
            }
        }
        refuseSecond();
        var log = Files.createTempFile("fairlead-lab-", ".log");
        try {
            start(log);
        } finally {
            Files.deleteIfExists(log);
        }
        return CommandLine.ExitCode.OK;
    }

    /** Said here already, so that it is the first thing said. */
    private void refuseSecond() throws IOException {
        var there = LabDirectory.find(LabName.base(), lab.name);
        if (there.isPresent()) {
            throw new LabException(there.get().taken());
        }
    }

    private void start(Path log) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of("setsid"));
        command.addAll(OwnProgram.commandLine());
        command.addAll(List.of("lab", "serve", "--name", lab.name, "--nodes", Integer.toString(nodes)));
        command.addAll(List.of("--mode", plan.mode.toString()));
        for (var file : files) {
            command.addAll(List.of("-f", file.toAbsolutePath().toString()));
        }
        var process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var undo = Thread.ofPlatform().unstarted(() -> undo(process));
        Runtime.getRuntime().addShutdownHook(undo);
        var ready = awaitReady(process);
        Runtime.getRuntime().removeShutdownHook(undo);
        if (ready.isEmpty()) {
            throw new LabException("the lab did not start: " + lastLines(log));
        }
        print(ready.get());
    }

    /** Interrupted while it starts: nothing stays. */
    private static void undo(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<LabDirectory> awaitReady(Process process) throws IOException, InterruptedException {
        while (process.isAlive()) {
            var present = LabDirectory.find(LabName.base(), lab.name);
            if (present.filter(LabDirectory::isReady).isPresent()) {
                return present;
            }
            Thread.sleep(STEP);
        }
        return Optional.empty();
    }

    private static String lastLines(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    private void print(LabDirectory directory) throws LabException {
        var out = spec.commandLine().getOut();
        var note = LabName.note(directory);
        out.println("Lab \"" + lab.name + "\" is up: " + note.nodes().size() + " nodes, proxies in mode " + note.mode()
                + ".");
        out.println();
        StatusCommand.printNodes(note, out);
        next(directory, note, out);
        out.flush();
    }

    private void next(LabDirectory directory, LabNote note, PrintWriter out) {
        String node = note.nodes().getLast().name();
        String option = lab.option();
        out.println();
        out.println("Next:");
        out.println("  export KUBECONFIG=" + directory.kubeconfig());
        out.println("  kubectl get pods -A -o wide              (without kubectl: fairlead lab" + " kubectl" + option
                + " get pods -A -o wide)");
        out.println("  kubectl run web --image=nginx && kubectl expose pod web --port=80 --type=NodePort");
        out.println("  fairlead lab exec" + option + " " + node + " -- "
                + (plan.mode == PlanOptions.Mode.NFTABLES ? "nft list table ip kube-proxy" : "iptables-save -t nat"));
        out.println("  fairlead lab exec" + option + " " + node + "              a shell on that node");
        out.println("  fairlead lab down" + option);
        out.println("The API server is " + note.server() + "; images are nginx, echo and coredns.");
    }
}
