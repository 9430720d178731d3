package io.fairlead.lab.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program to its end: an argument array, never a shell. */
final class Command {

    /** Far above what any command here needs; a hanging one must not hang a test run. */
    private static final int TIMEOUT_SECONDS = 120;

    private Command() {}

    /**
     * @param stdin the program's whole input
     * @return its standard output
     * @throws CommandFailedException unless it ended with 0
     */
    static String run(List<String> command, String stdin) {
        Process process = start(command);
        var stdout = inBackground(() -> text(process.getInputStream()));
        var stderr = inBackground(() -> text(process.getErrorStream()));
        var feed = inBackground(() -> feed(process, stdin));
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new CommandFailedException(
                        command, "did not end within " + TIMEOUT_SECONDS + " s and was killed", new TimeoutException());
            }
            feed.get();
            if (process.exitValue() != 0) {
                throw new CommandFailedException(command, process.exitValue(), stderr.get());
            }
            return stdout.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(command, "was killed because its thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new CommandFailedException(command, "broke off: " + e.getMessage(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new CommandFailedException(command, "cannot be started: " + e.getMessage(), e);
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A program that ends without reading all its input is judged by its exit code, not by the broken pipe. */
    private static boolean feed(Process process, String stdin) {
        try (var pipe = process.getOutputStream()) {
            pipe.write(stdin.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
