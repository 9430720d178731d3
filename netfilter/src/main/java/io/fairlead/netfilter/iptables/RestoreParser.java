package io.fairlead.netfilter.iptables;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads restore input into the calls that wrote it: {@code *}, {@code :}, {@code -A}, {@code -I} (at the top), {@code -D},
 * {@code -X} and COMMIT. Comments and counters are skipped.
 */
public final class RestoreParser {

    private RestoreParser() {}

    /** @throws RuleSyntaxException at the first line that is none of these */
    public static void parse(Reader input, RestoreSink sink) throws IOException {
        var reader = new BufferedReader(input);
        int number = 0;
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            var trimmed = line.strip();
            if (!trimmed.isEmpty() && trimmed.charAt(0) != '#') {
                line(new CommandLine(trimmed, number), sink);
            }
        }
    }

    private static void line(CommandLine line, RestoreSink sink) {
        switch (line.command()) {
            case "-A" -> sink.append(line.chain(), line.rule());
            case "-I" -> sink.insert(line.chain(), line.rule());
            case "-D" -> sink.delete(line.chain(), line.rule());
            case "-X" -> sink.deleteChain(line.chain());
            case "COMMIT" -> sink.commit();
            default -> {
                switch (line.command().charAt(0)) {
                    case '*' -> sink.table(line.table());
                    case ':' -> sink.chain(line.chainLine());
                    default -> throw line.problem("not a line of restore input");
                }
            }
        }
    }
}
