package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** An API server with a cluster's objects, in a process of its own: its memory and its work are not the daemon's. */
final class Cluster {

    private final Path kubeconfig;
    private final BufferedReader answers;
    private final Writer commands;

    private Cluster(Process process, Path kubeconfig) {
        this.kubeconfig = kubeconfig;
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** Starts it inside the namespace and waits until it serves all objects. It ends with the namespace. */
    static Cluster start(NetworkNamespace namespace, Workload workload, Path directory) throws IOException {
        var kubeconfig = directory.resolve("kubeconfig");
        var command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "cluster-server",
                "--services=" + workload.services(),
                "--endpoints=" + workload.endpoints(),
                "--kubeconfig=" + kubeconfig);
        var process = namespace.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        var cluster = new Cluster(process, kubeconfig);
        cluster.expect("ready");
        return cluster;
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** Writes the Service's slice, with its first endpoint replaced for the {@code generation}th time. */
    void putSlice(int service, int generation) throws IOException {
        obey("put-slice " + service + " " + generation);
    }

    void putService(int service) throws IOException {
        obey("put-service " + service);
    }

    void deleteSlice(int service) throws IOException {
        obey("delete-slice " + service);
    }

    void deleteService(int service) throws IOException {
        obey("delete-service " + service);
    }

    private void obey(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        expect("done");
    }

    private void expect(String answer) throws IOException {
        var line = answers.readLine();
        if (!answer.equals(line)) {
            throw new IOException("the API server's process said \"" + line + "\" instead of \"" + answer + "\"");
        }
    }
}
