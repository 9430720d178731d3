package io.fairlead.netfilter.iptables;

import java.io.BufferedWriter;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes restore input as text, line by line, keeping nothing.
 *
 * <p>The words are kube-proxy's own, so that its restores and ours can be compared. A text that would not stay inside
 * its word (control characters, over-long comments and names) is refused with an {@link IllegalArgumentException} that
 * quotes it; what was written before it then stands.
 *
 * <p>Throws {@link UncheckedIOException} when the output fails.
 */
public final class RestorePrinter implements RestoreSink, Flushable {

    private final Appendable out;
    private final StringBuilder line = new StringBuilder(256);
    private final RestoreWords words = new RestoreWords() {
        @Override
        void option(String word) {
            line.append(' ').append(word);
        }

        @Override
        void value(String word) {
            line.append(' ');
            quote(word);
        }
    };

    public RestorePrinter(Appendable out) {
        this.out = out;
    }

    /** UTF-8; {@link #flush} when done. */
    public RestorePrinter(OutputStream out) {
        this(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16));
    }

    /** The whole script as one text: for small ones and for people. */
    public static String text(RestoreScript script) {
        var text = new StringBuilder();
        script.writeTo(new RestorePrinter(text));
        return text.toString();
    }

    @Override
    public void table(Table table) {
        write("*", table.toString());
    }

    @Override
    public void chain(String name) {
        line.setLength(0);
        line.append(':').append(HostileText.chain(name)).append(" - [0:0]");
        writeLine();
    }

    @Override
    public void append(String chain, Rule rule) {
        rule("-A ", chain, "", rule);
    }

    @Override
    public void insert(String chain, int position, Rule rule) {
        rule("-I ", chain, position == 1 ? "" : " " + position, rule);
    }

    @Override
    public void delete(String chain, Rule rule) {
        rule("-D ", chain, "", rule);
    }

    @Override
    public void deleteChain(String chain) {
        write("-X ", HostileText.chain(chain));
    }

    @Override
    public void commit() {
        write("COMMIT", "");
    }

    private void rule(String operation, String chain, String position, Rule rule) {
        line.setLength(0);
        line.append(operation).append(HostileText.chain(chain)).append(position);
        words.rule(rule);
        writeLine();
    }

    private void write(String first, String second) {
        line.setLength(0);
        line.append(first).append(second);
        writeLine();
    }

    private void writeLine() {
        line.append('\n');
        try {
            out.append(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As iptables-restore reads it: inside double quotes a backslash takes the next character as it is. */
    private void quote(String word) {
        if (isBare(word)) {
            line.append(word);
            return;
        }
        line.append('"');
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            line.append(c);
        }
        line.append('"');
    }

    private static boolean isBare(String word) {
        // iptables-restore looks for an unquoted "-t" wherever it stands.
        if (word.isEmpty() || word.charAt(0) == '!' || word.charAt(0) == '-' && !word.startsWith("--")) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '\'' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void flush() {
        if (out instanceof Flushable flushable) {
            try {
                flushable.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
