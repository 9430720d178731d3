package io.fairlead.netfilter.iptables;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Starts a program and waits for its end. */
public interface CommandRunner {

    /** Writes the program's standard input; closing is the runner's job. */
    @FunctionalInterface
    interface Input {
        void writeTo(OutputStream stdin) throws IOException;
    }

    /** Reads the program's standard output to its end. */
    @FunctionalInterface
    interface Output {
        void readFrom(InputStream stdout) throws IOException;
    }

    /**
     * How a program ended.
     *
     * @param status 0–255
     * @param stderr at most the first 64 KiB
     */
    record Exit(int status, String stderr) {}

    /**
     * Runs the program with these arguments, never through a shell.
     *
     * @param limit after which the program is ended
     * @throws IOException when it cannot be started or does not end in time; the message says which
     */
    Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException;
}
