package io.fairlead.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fairlead lab kubectl}: the machine's kubectl for this lab, or a small one of our own. */
@Command(
        name = "kubectl",
        header = "Run kubectl for a lab; a small one of our own where there is none.",
        customSynopsis = "fairlead lab kubectl [--name NAME] ARGUMENT...",
        sortOptions = false)
final class KubectlCommand implements Callable<Integer> {

    @Mixin
    private LabName lab = new LabName();

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "As for kubectl.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        var directory = lab.running();
        var kubectl = Kubectl.of(directory.kubeconfig(), directory.path());
        return kubectl.run(arguments);
    }
}
