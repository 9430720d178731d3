package io.fairlead.cli.lab;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A kubectl as users have it: on the PATH, with KUBECONFIG in the environment, its command lines typed into a shell.
 *
 * @param folder its own: home, caches, PATH
 */
record StockKubectl(Path folder, Path kubeconfig) {

    private static final int PATIENCE_SECONDS = 180;

    /** The one on the PATH, and those that FAIRLEAD_KUBECTL names, separated by colons. */
    static List<Path> installed() {
        var named = Optional.ofNullable(System.getenv("FAIRLEAD_KUBECTL")).stream()
                .flatMap(paths -> Stream.of(paths.split(File.pathSeparator)))
                .map(Path::of);
        return Stream.concat(named, Requirements.find("kubectl").stream()).toList();
    }

    /** @param program which kubectl */
    static StockKubectl of(Path program, Path folder, Path kubeconfig) throws IOException {
        var onPath = Files.writeString(folder.resolve("kubectl"), "#!/bin/sh\nexec '" + program + "' \"$@\"\n");
        if (!onPath.toFile().setExecutable(true)) {
            throw new IOException(onPath + " cannot be made executable");
        }
        return new StockKubectl(folder, kubeconfig);
    }

    /** A command line that runs on while the test does. */
    record Running(Process process, Path output) implements AutoCloseable {

        String text() throws IOException {
            return Files.readString(output, StandardCharsets.UTF_8);
        }

        void await(String text) throws Exception {
            LabWorld.await("the output has " + text, () -> {
                try {
                    return text().contains(text);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    Running start(String commandLine) throws IOException {
        var output = Files.createTempFile(folder, "output", ".txt");
        var builder = new ProcessBuilder("sh", "-c", "exec " + commandLine)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        return new Running(environment(builder).start(), output);
    }

    /** What it prints, errors included. */
    String run(String commandLine) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("sh", "-c", commandLine).redirectErrorStream(true);
        var process = environment(builder).start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(commandLine + " does not end");
        }
        return text;
    }

    private ProcessBuilder environment(ProcessBuilder builder) {
        var environment = builder.environment();
        environment.put("PATH", folder + ":" + environment.getOrDefault("PATH", ""));
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("HOME", folder.toString());
        return builder;
    }
}
