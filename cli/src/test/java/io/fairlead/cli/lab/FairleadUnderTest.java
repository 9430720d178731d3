package io.fairlead.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fairlead as a process of its own, with the classes under test. */
final class FairleadUnderTest {

    private static final int PATIENCE_SECONDS = 180;

    /** How it ended. */
    record Run(int status, String text) {}

    private FairleadUnderTest() {}

    /** What starts it, up to its first argument. */
    static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                // Surefire hides the class path of a test JVM in a jar's manifest.
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.fairlead.cli.Main");
    }

    /**
     * @param labs the directory of its labs; also the mark by which its processes are known
     * @param output receives what it prints
     */
    static Process start(Path labs, Path output, String... arguments) throws IOException {
        var command = new ArrayList<>(program());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("FAIRLEAD_LAB_DIR", labs.toString());
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Runs it to its end. */
    static Run run(Path labs, String... arguments) throws IOException, InterruptedException {
        var output = Files.createTempFile("fairlead", ".out");
        try {
            var process = start(labs, output, arguments);
            int status = await(process);
            return new Run(status, Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    static int await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("did not end within " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }
}
