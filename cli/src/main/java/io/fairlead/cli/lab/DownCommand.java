package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabDirectory;
import io.fairlead.lab.cluster.Remains;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead lab down}. */
@Command(
        name = "down",
        header = "End a lab, and remove what crashed ones have left.",
        description = {"", "Only what a lab has written down as its own is removed.", ""},
        sortOptions = false)
final class DownCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Mixin
    private LabName lab = new LabName();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Requirements.check();
        var out = spec.commandLine().getOut();
        var all = new ArrayList<LabDirectory>();
        LabDirectory.find(LabName.base(), lab.name).ifPresent(all::add);
        for (var other : LabDirectory.all(LabName.base())) {
            if (other.runningProcess().isEmpty() && !other.name().equals(lab.name)) {
                all.add(other);
            }
        }
        if (all.isEmpty()) {
            out.println("There is no lab \"" + lab.name + "\", and nothing is left of any other.");
        }
        var problems = new ArrayList<String>();
        for (var one : all) {
            problems.addAll(remove(one, out));
        }
        out.flush();
        problems.forEach(spec.commandLine().getErr()::println);
        return problems.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static List<String> remove(LabDirectory lab, PrintWriter out) throws IOException, InterruptedException {
        boolean ran = lab.runningProcess().isPresent();
        var problems = Remains.remove(lab);
        if (problems.isEmpty()) {
            out.println("Lab \"" + lab.name() + "\" "
                    + (ran ? "is gone." : "had ended without cleaning up; what it left is gone now."));
        }
        return problems;
    }
}
