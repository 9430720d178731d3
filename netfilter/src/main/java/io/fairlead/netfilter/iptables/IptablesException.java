package io.fairlead.netfilter.iptables;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A command of iptables that failed. The message is one line: the command, its status, what it said, and the line of
 * input that it named.
 */
public final class IptablesException extends Exception {

    /** What the caller can do about it. */
    public enum Kind {
        /** Somebody else held the lock for too long: try again. */
        LOCK_HELD,
        /** A chain, a rule or a table that does not exist. */
        NOT_FOUND,
        /** A line of restore input was refused. */
        LINE_REFUSED,
        /** The command could not be started or did not end in time. */
        NOT_RUN,
        OTHER
    }

    /**
     * A line of restore input.
     *
     * @param number 1-based
     */
    public record Line(int number, String text) {}

    /** The status of a command that did not run to its end. */
    private static final int NO_STATUS = -1;

    /** xtables' RESOURCE_PROBLEM. */
    private static final int RESOURCE_PROBLEM = 4;

    private static final List<String> NOT_FOUND = List.of(
            "No chain/target/match by that name",
            "No such file or directory",
            "does a matching rule exist",
            "does not exist");

    /** Legacy: "line 3 failed"; nf_tables: "line 3: CHAIN_DEL failed"; syntax: "Error occurred at line: 3". */
    private static final Pattern LINE = Pattern.compile("\\bline:? ([1-9][0-9]{0,8})\\b");

    private final transient List<String> command;
    private final int status;
    private final String output;
    private final Kind kind;
    private final transient List<Line> lines;

    private IptablesException(
            String message, List<String> command, int status, String output, Kind kind, List<Line> lines) {
        super(message);
        this.command = List.copyOf(command);
        this.status = status;
        this.output = output;
        this.kind = kind;
        this.lines = List.copyOf(lines);
    }

    static IptablesException notRun(List<String> command, IOException cause) {
        var message = String.join(" ", command) + ": " + cause.getMessage();
        var exception = new IptablesException(
                message, command, NO_STATUS, String.valueOf(cause.getMessage()), Kind.NOT_RUN, List.of());
        exception.initCause(cause);
        return exception;
    }

    static IptablesException failed(List<String> command, int status, String output) {
        return failed(command, status, output, List.of());
    }

    /** @param lines of restore input around the one that the output names */
    static IptablesException failed(List<String> command, int status, String output, List<Line> lines) {
        var message = new StringBuilder(String.join(" ", command))
                .append(": exit status ")
                .append(status)
                .append(": ")
                .append(output.isBlank() ? "(no message)" : output.strip().replaceAll("\\s*\\R\\s*", " "));
        var number = lineNumber(output);
        lines.stream()
                .filter(line -> number.isPresent() && line.number() == number.getAsInt())
                .forEach(line -> message.append("; line ")
                        .append(line.number())
                        .append(" is: ")
                        .append(line.text()));
        var kind = kind(status, output);
        if (kind == Kind.LOCK_HELD) {
            LockHolder.describe().ifPresent(holder -> message.append("; ").append(holder));
        }
        return new IptablesException(message.toString(), command, status, output, kind, lines);
    }

    private static Kind kind(int status, String output) {
        if (status == RESOURCE_PROBLEM && output.contains("xtables lock")) {
            return Kind.LOCK_HELD;
        }
        if (lineNumber(output).isPresent()) {
            return Kind.LINE_REFUSED;
        }
        return NOT_FOUND.stream().anyMatch(output::contains) ? Kind.NOT_FOUND : Kind.OTHER;
    }

    static OptionalInt lineNumber(String output) {
        var found = LINE.matcher(output);
        return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
    }

    /** The argument list. */
    public List<String> command() {
        return command;
    }

    /** The exit status, −1 when the command did not run to its end. */
    public int status() {
        return status;
    }

    /** What the command wrote, as it wrote it. */
    public String output() {
        return output;
    }

    public Kind kind() {
        return kind;
    }

    /** The line of restore input that was refused, 1-based; of the COMMIT when it was the table as a whole. */
    public OptionalInt lineNumber() {
        return lineNumber(output);
    }

    /** The refused line of restore input and up to three before and after it; none when no line was named. */
    public List<Line> lines() {
        return lines;
    }
}
