package io.fairlead.lab.kubelet;

import io.fairlead.lab.apiserver.PodLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.BooleanSupplier;

/** A log that is read as it grows, until its container has ended. */
final class FollowedLog extends InputStream {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final BufferedReader file;
    private final PodLogs.Request request;
    private final BooleanSupplier grows;
    private byte[] text;
    private int at;

    FollowedLog(Path file, PodLogs.Request request, BooleanSupplier grows) throws IOException {
        this.file = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        this.request = request;
        this.grows = grows;
        var present = new ArrayList<String>();
        for (var line = this.file.readLine(); line != null; line = this.file.readLine()) {
            present.add(line);
        }
        this.text = ContainerLogs.select(present, request);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (at == text.length) {
            boolean more = grows.getAsBoolean();
            var line = file.readLine();
            if (line != null) {
                text = ContainerLogs.shown(line, request).getBytes(StandardCharsets.UTF_8);
                at = 0;
            } else if (!more) {
                return -1;
            } else {
                pause();
            }
        }
        int count = Math.min(length, text.length - at);
        System.arraycopy(text, at, target, offset, count);
        at += count;
        return count;
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while following a log");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
