package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The iptables binaries of one family, found through PATH.
 *
 * <p>Argument lists only, never a shell. Not for concurrent use: iptables itself would only queue at its lock. Every
 * failure is an {@link IptablesException} that says what was run and what came back.
 */
public final class Iptables {

    /** Where {@link #ensureRule} puts a new rule. */
    public enum Position {
        TOP("-I"),
        END("-A");

        private final String operation;

        Position(String operation) {
            this.operation = operation;
        }
    }

    /** As long as kube-proxy gives a check; a restore of 115,000 lines needs about one. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final int REACH = 3;
    private static final CommandRunner.Input NO_INPUT = stdin -> {};

    private final IpFamily family;
    private final CommandRunner runner;
    private final Capabilities capabilities;

    private Iptables(IpFamily family, CommandRunner runner, Capabilities capabilities) {
        this.family = family;
        this.runner = runner;
        this.capabilities = capabilities;
    }

    /** Asks for the version. A missing or broken iptables is one without capabilities; {@link #requireNat} finds it. */
    public static Iptables probe(IpFamily family, CommandRunner runner) {
        var name = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
        var version = output(runner, List.of(name, "--version"));
        var capabilities = Capabilities.of(version, () -> output(runner, List.of(name + "-restore", "--version")));
        return new Iptables(family, runner, capabilities);
    }

    private static String output(CommandRunner runner, List<String> argv) {
        var stdout = new ByteArrayOutputStream();
        try {
            var exit = runner.run(argv, NO_INPUT, stream -> stream.transferTo(stdout), LIMIT);
            return exit.status() == 0 ? stdout.toString(StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            return "";
        }
    }

    public IpFamily family() {
        return family;
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    /** Whether this kernel can do NAT in this family: the exception says why not. */
    public void requireNat() throws IptablesException {
        succeed(iptables("-S", "POSTROUTING", Table.NAT, List.of()));
    }

    /** {@code iptables-restore -w 5 --noflush --counters}: each table as a whole or not at all, in order. */
    public void restore(RestoreScript script) throws IptablesException {
        restore(List.of(), script);
    }

    /** {@code iptables-restore -w 5 -T TABLE --noflush --counters}: whatever other tables the script has. */
    public void restoreTable(Table table, RestoreScript script) throws IptablesException {
        restore(List.of("-T", table.toString()), script);
    }

    private void restore(List<String> flags, RestoreScript script) throws IptablesException {
        var argv = new ArrayList<String>();
        argv.add(program() + "-restore");
        argv.addAll(capabilities.restoreWaitFlags());
        argv.addAll(flags);
        argv.add("--noflush");
        argv.add("--counters");
        var result = run(argv, stdin -> {
            var printer = new RestorePrinter(stdin);
            script.writeTo(printer);
            printer.flush();
        });
        if (result.status() != 0) {
            var number = IptablesException.lineNumber(result.output());
            throw IptablesException.failed(
                    argv,
                    result.status(),
                    result.output(),
                    number.isPresent() ? Surroundings.of(script, number.getAsInt(), REACH) : List.of());
        }
    }

    /**
     * {@code iptables-save [-t TABLE]}: the listing as it is printed, in constant memory.
     *
     * @param table absent for all tables
     * @throws RuleSyntaxException when the listing cannot be understood
     */
    public void save(Optional<Table> table, SaveListener listener) throws IptablesException {
        save(table, stdout -> {
            var reader = new InputStreamReader(stdout, StandardCharsets.UTF_8);
            SaveParser.parse(reader, listener);
        });
    }

    /** {@code iptables-save}: every line as it is printed. */
    public void saveLines(Consumer<String> line) throws IptablesException {
        saveLines(Optional.empty(), line);
    }

    /**
     * {@code iptables-save [-t TABLE]}: every line as it is printed.
     *
     * @param table absent for all tables
     */
    public void saveLines(Optional<Table> table, Consumer<String> line) throws IptablesException {
        save(
                table,
                stdout -> new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8))
                        .lines()
                        .forEach(line));
    }

    /** {@code iptables-save -c -t TABLE}: every line as it is printed, rules with their counters: {@code [PACKETS:BYTES] -A …}. */
    public void saveCountedLines(Table table, Consumer<String> line) throws IptablesException {
        save(
                List.of("-c"),
                Optional.of(table),
                stdout -> new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8))
                        .lines()
                        .forEach(line));
    }

    /** The whole listing as a value. */
    public Ruleset save(Optional<Table> table) throws IptablesException {
        var ruleset = new ArrayList<Ruleset>(1);
        save(table, stdout -> {
            var reader = new InputStreamReader(stdout, StandardCharsets.UTF_8);
            ruleset.add(Ruleset.parse(family, reader));
        });
        return ruleset.getFirst();
    }

    private void save(Optional<Table> table, CommandRunner.Output output) throws IptablesException {
        save(List.of(), table, output);
    }

    private void save(List<String> flags, Optional<Table> table, CommandRunner.Output output) throws IptablesException {
        var argv = new ArrayList<String>();
        argv.add(program() + "-save");
        argv.addAll(flags);
        table.ifPresent(only -> argv.addAll(List.of("-t", only.toString())));
        var truncated = new ArrayList<RuleSyntaxException>(1);
        try {
            var exit = runner.run(
                    argv,
                    NO_INPUT,
                    stdout -> {
                        try {
                            output.readFrom(stdout);
                        } catch (RuleSyntaxException e) {
                            // A failed command stops anywhere; its status is the better explanation.
                            truncated.add(e);
                            stdout.transferTo(OutputStream.nullOutputStream());
                        }
                    },
                    LIMIT);
            if (exit.status() != 0) {
                throw IptablesException.failed(argv, exit.status(), exit.stderr());
            }
        } catch (IOException e) {
            throw IptablesException.notRun(argv, e);
        }
        if (!truncated.isEmpty()) {
            throw truncated.getFirst();
        }
    }

    /** @return whether the chain is new */
    public boolean ensureChain(Table table, String chain) throws IptablesException {
        var result = iptables("-N", chain, table, List.of());
        // 1 is "exists already", in whatever words.
        if (result.status() == 1) {
            return false;
        }
        succeed(result);
        return true;
    }

    /** @throws IptablesException when it could not be asked, for example for the lock */
    public boolean chainExists(Table table, String chain) throws IptablesException {
        return zeroOrOne(iptables("-S", chain, table, List.of()));
    }

    /** @throws IptablesException when it could not be asked; also when the rule's own chain or extension is missing */
    public boolean checkRule(Table table, String chain, Rule rule) throws IptablesException {
        if (!capabilities.check()) {
            return save(Optional.of(table)).rules(table, chain).contains(rule.canonical(family));
        }
        return zeroOrOne(iptables("-C", chain, table, RestoreWords.of(rule)));
    }

    /** @return whether the rule is new */
    public boolean ensureRule(Position position, Table table, String chain, Rule rule) throws IptablesException {
        if (checkRule(table, chain, rule)) {
            return false;
        }
        succeed(iptables(position.operation, chain, table, RestoreWords.of(rule)));
        return true;
    }

    /** @return whether there was such a rule; the first one is gone */
    public boolean deleteRule(Table table, String chain, Rule rule) throws IptablesException {
        if (!checkRule(table, chain, rule)) {
            return false;
        }
        succeed(iptables("-D", chain, table, RestoreWords.of(rule)));
        return true;
    }

    public void flushChain(Table table, String chain) throws IptablesException {
        succeed(iptables("-F", chain, table, List.of()));
    }

    /** The chain must be empty and unused. */
    public void deleteChain(Table table, String chain) throws IptablesException {
        succeed(iptables("-X", chain, table, List.of()));
    }

    /** The rules of one chain, in order, as {@code -S} prints them. */
    public List<Rule> listRules(Table table, String chain) throws IptablesException {
        var result = iptables("-S", chain, table, List.of());
        succeed(result);
        return result.output()
                .lines()
                .filter(line -> line.startsWith("-A "))
                .map(line -> RuleParser.parse(line).rule())
                .toList();
    }

    /** A command that ran, and both its outputs. */
    private record Result(List<String> argv, int status, String output) {}

    private Result iptables(String operation, String chain, Table table, List<String> rule) throws IptablesException {
        var argv = new ArrayList<String>();
        argv.add(program());
        argv.addAll(capabilities.waitFlags());
        argv.addAll(List.of(operation, HostileText.chain(chain), "-t", table.toString()));
        argv.addAll(rule);
        return run(argv, NO_INPUT);
    }

    private Result run(List<String> argv, CommandRunner.Input input) throws IptablesException {
        var stdout = new ByteArrayOutputStream();
        try {
            var exit = runner.run(argv, input, stream -> stream.transferTo(stdout), LIMIT);
            return new Result(argv, exit.status(), stdout.toString(StandardCharsets.UTF_8) + exit.stderr());
        } catch (IOException e) {
            throw IptablesException.notRun(argv, e);
        }
    }

    private static boolean zeroOrOne(Result result) throws IptablesException {
        if (result.status() == 1) {
            return false;
        }
        succeed(result);
        return true;
    }

    private static void succeed(Result result) throws IptablesException {
        if (result.status() != 0) {
            throw IptablesException.failed(result.argv(), result.status(), result.output());
        }
    }

    private String program() {
        return family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    }
}
