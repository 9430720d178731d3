package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabDirectory;
import io.fairlead.lab.cluster.LabException;
import io.fairlead.lab.cluster.LabNote;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fairlead lab exec}. */
@Command(
        name = "exec",
        header = "Run a program on a node or in a pod.",
        description = {
            "",
            "It sees the machine's files, and the network of the node or pod. KUBECONFIG is set for use there.",
            ""
        },
        customSynopsis = "fairlead lab exec [--name NAME] NODE|[NAMESPACE/]POD [--] [PROGRAM [ARGUMENT...]]",
        sortOptions = false)
final class ExecCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Mixin
    private LabName lab = new LabName();

    @Parameters(index = "0", paramLabel = "NODE|POD", description = "A node, or a pod as [NAMESPACE/]NAME.")
    String target = "";

    @Parameters(
            index = "1..*",
            paramLabel = "PROGRAM",
            description = "The program and its arguments; a shell if there is none.")
    private List<String> program = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Requirements.check();
        var directory = lab.running();
        var command = new ArrayList<String>(List.of("ip", "netns", "exec", namespace(directory)));
        var words =
                program.isEmpty() || !program.getFirst().equals("--") ? program : program.subList(1, program.size());
        command.addAll(words.isEmpty() ? List.of(System.getenv().getOrDefault("SHELL", "/bin/sh")) : words);
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("KUBECONFIG", directory.nodeKubeconfig().toString());
        return builder.start().waitFor();
    }

    private String namespace(LabDirectory directory) throws LabException {
        var note = LabName.note(directory);
        var node = note.node(target).map(LabNote.Node::namespace);
        int slash = target.indexOf('/');
        String namespace = slash < 0 ? "default" : target.substring(0, slash);
        return node.or(() -> directory.podNamespace(namespace, target.substring(slash + 1)))
                .orElseThrow(() -> new LabException("\"" + target + "\" is neither a node ("
                        + String.join(
                                ", ",
                                note.nodes().stream().map(LabNote.Node::name).toList())
                        + ") nor a pod that runs in namespace " + namespace));
    }
}
