package io.fairlead.netfilter.iptables;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Reads what {@code iptables-save} prints, line by line, and keeps nothing: comments and counters are skipped, every
 * table must end with COMMIT.
 */
public final class SaveParser {

    private final SaveListener listener;
    private int number;
    private Optional<Table> open = Optional.empty();

    public SaveParser(SaveListener listener) {
        this.listener = listener;
    }

    /**
     * The whole input.
     *
     * @throws RuleSyntaxException at the first line that is not what iptables-save prints
     */
    public static void parse(Reader input, SaveListener listener) throws IOException {
        var parser = new SaveParser(listener);
        var reader = new BufferedReader(input);
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            parser.line(line);
        }
        parser.end();
    }

    /** The next line, without its end. */
    public void line(String text) {
        number++;
        var trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.charAt(0) == '#') {
            return;
        }
        var command = new CommandLine(trimmed, number);
        switch (command.command().charAt(0)) {
            case '*' -> {
                if (open.isPresent()) {
                    throw command.problem("table " + open.get() + " is still open, COMMIT is missing");
                }
                open = Optional.of(command.table());
                listener.table(command.table());
            }
            case ':' -> {
                requireTable(command);
                listener.chain(command.chainLine(), command.policy());
            }
            case 'C' -> {
                requireTable(command);
                if (!command.command().equals("COMMIT")) {
                    throw command.problem("not a line of iptables-save");
                }
                open = Optional.empty();
                listener.end();
            }
            default -> {
                requireTable(command);
                var rule = command.append();
                listener.rule(rule.chain(), rule.rule());
            }
        }
    }

    /** After the last line. */
    public void end() {
        open.ifPresent(table -> {
            throw new RuleSyntaxException(number, "", "table " + table + " does not end with COMMIT");
        });
    }

    private void requireTable(CommandLine command) {
        if (open.isEmpty()) {
            throw command.problem("no table is open");
        }
    }
}
