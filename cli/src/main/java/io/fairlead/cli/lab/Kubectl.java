package io.fairlead.cli.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kubectl for one cluster: the machine's, or where there is none one of our own.
 *
 * @param program the machine's
 * @param kubeconfig the cluster's
 * @param cache where it may keep what it has learned of the server
 */
record Kubectl(Optional<Path> program, Path kubeconfig, Path cache) {

    /** @param folder of the lab; a cache in it goes with it */
    static Kubectl of(Path kubeconfig, Path folder) {
        return new Kubectl(Requirements.find("kubectl"), kubeconfig, folder.resolve("kubectl-cache"));
    }

    /** The command line of the machine's; empty if there is none. */
    Optional<List<String>> command(List<String> arguments) {
        return program.map(found -> {
            var command = new ArrayList<String>(
                    List.of(found.toString(), "--kubeconfig=" + kubeconfig, "--cache-dir=" + cache));
            command.addAll(arguments);
            return command;
        });
    }

    /** Runs it with this process's input and output. */
    int run(List<String> arguments) throws IOException, InterruptedException {
        var command = command(arguments);
        if (command.isPresent()) {
            return new ProcessBuilder(command.get()).inheritIO().start().waitFor();
        }
        return SmallKubectl.run(kubeconfig, arguments, System.out);
    }
}
