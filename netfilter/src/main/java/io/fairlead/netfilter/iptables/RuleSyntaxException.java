package io.fairlead.netfilter.iptables;

/** A line that is not what iptables prints or reads. The message names the line and quotes it. */
public final class RuleSyntaxException extends IllegalArgumentException {

    private final int lineNumber;
    private final String line;

    RuleSyntaxException(int lineNumber, String line, String problem) {
        super((lineNumber > 0 ? "line " + lineNumber + ": " : "") + problem + ": " + line);
        this.lineNumber = lineNumber;
        this.line = line;
    }

    /** 1-based; 0 when the line stood alone. */
    public int lineNumber() {
        return lineNumber;
    }

    public String line() {
        return line;
    }
}
