package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabDirectory;
import io.fairlead.lab.cluster.LabNote;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead lab status}: exit status 0 when a lab runs, 1 when none does. */
@Command(name = "status", header = "Say which labs there are on this machine.", sortOptions = false)
final class StatusCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        boolean any = false;
        var labs = LabDirectory.all(LabName.base());
        for (var lab : labs) {
            any |= lab.runningProcess().isPresent();
            print(lab, out);
        }
        if (labs.isEmpty()) {
            out.println("There is no lab.");
        }
        out.flush();
        return any ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void print(LabDirectory lab, PrintWriter out) {
        var process = lab.runningProcess();
        if (process.isEmpty()) {
            out.println("Lab \"" + lab.name()
                    + "\" ended without cleaning up; \"fairlead lab down\" removes what it left.");
            return;
        }
        var note = lab.note();
        out.println("Lab \"" + lab.name() + "\", process " + process.get()
                + (note.isPresent()
                        ? ", since " + note.get().since() + ", mode "
                                + note.get().mode() + ", API server "
                                + note.get().server()
                        : ", is starting"));
        note.ifPresent(up -> printNodes(up, out));
    }

    static void printNodes(LabNote note, PrintWriter out) {
        for (var node : note.nodes()) {
            out.println("  %-6s %s   pods %s   namespace %s"
                    .formatted(
                            node.name(),
                            node.addresses().replace(",", " "),
                            node.podCidrs().replace(",", " "),
                            node.namespace()));
        }
    }
}
