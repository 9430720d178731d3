package io.fairlead.lab.net;

import java.util.List;

/** A program could not be started, ended with an error, or did not end. The message has the command and its stderr. */
public final class CommandFailedException extends RuntimeException {

    private static final int NO_EXIT_CODE = -1;

    private final int exitCode;

    CommandFailedException(List<String> command, int exitCode, String stderr) {
        super("\"" + String.join(" ", command) + "\" exited with " + exitCode + ": " + stderr.strip());
        this.exitCode = exitCode;
    }

    CommandFailedException(List<String> command, String what, Throwable cause) {
        super("\"" + String.join(" ", command) + "\" " + what, cause);
        this.exitCode = NO_EXIT_CODE;
    }

    /** What the program ended with; -1 when it was not started or had to be killed. */
    public int exitCode() {
        return exitCode;
    }
}
