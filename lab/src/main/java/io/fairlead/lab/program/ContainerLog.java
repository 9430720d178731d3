package io.fairlead.lab.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A container's output in a file, a line each with its time before it: {@code 2026-01-02T03:04:05.678901Z text}. */
public final class ContainerLog implements AutoCloseable {

    private static final int MAX_LINES = 100_000; // some 20 MB: /run is memory

    private final Writer file;
    private int room = MAX_LINES;
    private boolean open = true;

    private ContainerLog(Writer file) {
        this.file = file;
    }

    /** Begins a new file. */
    public static ContainerLog create(Path file) throws IOException {
        return new ContainerLog(Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    /** Adds a line; the file does not grow without end, what comes after its last line is not kept. */
    public synchronized void println(String line) {
        if (!open || room == 0) {
            return;
        }
        room--;
        try {
            file.write(Instant.now().truncatedTo(ChronoUnit.MICROS) + " " + line.replace('\r', ' ') + "\n");
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds all lines of a program's output until its end. */
    void pump(InputStream output) {
        try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                println(line);
            }
        } catch (IOException e) {
            println("(the rest of the output is lost: " + e.getMessage() + ")");
        }
    }

    /** Later lines are dropped. */
    @Override
    public synchronized void close() {
        open = false;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
