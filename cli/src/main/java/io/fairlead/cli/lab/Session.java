package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabCluster;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Commands on the nodes and in the pods of a lab, shown with their output as in a terminal. */
final class Session {

    private static final int PATIENCE_SECONDS = 60;

    private final LabCluster cluster;
    private final PrintWriter out;
    private final Kubectl onNode;
    private final Kubectl here;

    /** What a command printed, and how it ended. */
    record Output(int status, String text) {

        List<String> lines() {
            return text.lines().filter(line -> !line.isBlank()).toList();
        }

        /** Only the lines that contain this. */
        Output grep(String part) {
            var kept = text.lines().filter(line -> line.contains(part)).toList();
            return new Output(kept.isEmpty() ? 1 : 0, kept.isEmpty() ? "" : String.join("\n", kept) + "\n");
        }
    }

    /** Where a command runs. */
    record Place(String prompt, NetworkNamespace namespace) {}

    Session(LabCluster cluster, PrintWriter out) {
        this.cluster = cluster;
        this.out = out;
        var folder = cluster.directory().path();
        this.onNode = Kubectl.of(cluster.directory().nodeKubeconfig(), folder);
        this.here = Kubectl.of(cluster.directory().kubeconfig(), folder);
    }

    Place node(String name) {
        return new Place("lab@" + name + ":~$ ", cluster.topology().node(name).namespace());
    }

    /** @throws IOException when no such pod runs */
    Place pod(String namespace, String name) throws IOException {
        return cluster.topology().nodes().stream()
                .flatMap(node -> node.pods().stream())
                .filter(pod -> pod.name().equals(namespace + "." + name))
                .map(pod -> new Place(name + ":/# ", pod.namespace()))
                .findAny()
                .orElseThrow(() -> new IOException("no pod " + namespace + "/" + name + " runs"));
    }

    /** Shows and runs kubectl. */
    Output kubectl(Place place, String arguments) throws IOException, InterruptedException {
        return show(place, "kubectl " + arguments, quietKubectl(place, arguments));
    }

    /** Runs kubectl and shows nothing. */
    Output quietKubectl(Place place, String arguments) throws IOException, InterruptedException {
        var words = List.of(arguments.split(" "));
        Optional<List<String>> command = onNode.command(words);
        if (command.isPresent()) {
            return run(place, command.get());
        }
        var text = new ByteArrayOutputStream();
        int status = SmallKubectl.run(here.kubeconfig(), words, new PrintStream(text, true, StandardCharsets.UTF_8));
        return new Output(status, text.toString(StandardCharsets.UTF_8));
    }

    /** Shows what was done and what came of it. */
    Output show(Place place, String command, Output output) {
        out.print(place.prompt() + command + "\n" + output.text());
        if (!output.text().isEmpty() && !output.text().endsWith("\n")) {
            out.print("\n");
        }
        out.flush();
        return output;
    }

    /** Runs a program and shows nothing. */
    Output run(Place place, List<String> command) throws IOException, InterruptedException {
        var inside = new ArrayList<>(place.namespace().execPrefix());
        inside.addAll(command);
        var process = new ProcessBuilder(inside).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + ": still runs after " + PATIENCE_SECONDS + " s");
            }
            return new Output(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
