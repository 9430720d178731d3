package io.fairlead.netfilter.iptables;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Reads restore input into the calls that wrote it: {@code *}, {@code :}, {@code -A}, {@code -I} (with or without a position), {@code -D},
 * {@code -X} and COMMIT. Comments and counters are skipped; every table must end with COMMIT.
 */
public final class RestoreParser {

    private final RestoreSink sink;
    private int number;
    private Optional<Table> open = Optional.empty();

    private RestoreParser(RestoreSink sink) {
        this.sink = sink;
    }

    /** @throws RuleSyntaxException at the first line that is none of these */
    public static void parse(Reader input, RestoreSink sink) throws IOException {
        var parser = new RestoreParser(sink);
        var reader = new BufferedReader(input);
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            parser.line(line.strip());
        }
        parser.open.ifPresent(table -> {
            throw new RuleSyntaxException(parser.number, "", "table " + table + " does not end with COMMIT");
        });
    }

    private void line(String text) {
        number++;
        if (text.isEmpty() || text.charAt(0) == '#') {
            return;
        }
        var line = new CommandLine(text, number);
        if (line.command().charAt(0) == '*') {
            if (open.isPresent()) {
                throw line.problem("table " + open.get() + " is still open, COMMIT is missing");
            }
            open = Optional.of(line.table());
            sink.table(line.table());
        } else if (open.isEmpty()) {
            throw line.problem("no table is open");
        } else {
            command(line);
        }
    }

    private void command(CommandLine line) {
        switch (line.command()) {
            case "-A" -> sink.append(line.chain(), line.rule());
            case "-I" -> sink.insert(line.chain(), line.position(), line.rule());
            case "-D" -> sink.delete(line.chain(), line.rule());
            case "-X" -> sink.deleteChain(line.chain());
            case "COMMIT" -> {
                open = Optional.empty();
                sink.commit();
            }
            default -> {
                if (line.command().charAt(0) != ':') {
                    throw line.problem("not a line of restore input");
                }
                sink.chain(line.chainLine());
            }
        }
    }
}
