package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.RestoreParser;
import io.fairlead.netfilter.iptables.RestoreRejectedException;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The iptables programs over a model of the kernel, for more steps than the real ones have time for; failures on demand. */
final class ModelKernel implements CommandRunner {

    /** How the next restore goes wrong. */
    enum Fault {
        NONE,
        /** Nothing is written. */
        LOCK_HELD,
        /** Nothing is written. */
        REFUSED,
        /** The filter table is written, nat is not, as when a line of nat is refused. */
        NAT_REFUSED
    }

    private final String version;
    private Ruleset ruleset;
    private Fault fault = Fault.NONE;
    private int restores;
    private int saves;

    ModelKernel(IpFamily family, String backend) {
        this(Ruleset.empty(family), backend);
    }

    ModelKernel(Ruleset ruleset, String backend) {
        this.ruleset = ruleset;
        version = "iptables v1.8.9 (" + backend + ")";
    }

    Ruleset ruleset() {
        return ruleset;
    }

    void failNextRestore(Fault next) {
        fault = next;
    }

    /** Somebody else's doing. */
    void tamper(RestoreScript script) {
        try {
            ruleset = ruleset.apply(script);
        } catch (RestoreRejectedException e) {
            ruleset = e.committed();
        }
    }

    /** Somebody else's doing, as a whole. */
    void replace(Ruleset other) {
        ruleset = other;
    }

    int restores() {
        return restores;
    }

    int saves() {
        return saves;
    }

    @Override
    public Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException {
        var program = argv.getFirst();
        if (argv.contains("--version")) {
            output.readFrom(stream(version));
            return new Exit(0, "");
        }
        if (program.endsWith("-save")) {
            saves++;
            output.readFrom(stream(ruleset.toString()));
            return new Exit(0, "");
        }
        if (program.endsWith("-restore")) {
            restores++;
            return restore(input);
        }
        if (argv.contains("-S")) {
            var table = Table.of(argv.get(argv.indexOf("-t") + 1)).orElseThrow();
            boolean there = ruleset.hasChain(table, argv.get(argv.indexOf("-S") + 1));
            return there ? new Exit(0, "") : new Exit(1, "iptables: No chain/target/match by that name.");
        }
        if (argv.contains("-C") || argv.contains("-D")) {
            return rule(argv.contains("-D"), argv);
        }
        if (argv.contains("-X")) {
            return restore(stdin -> stdin.write("*%s\n-X %s\nCOMMIT\n"
                    .formatted(argv.get(argv.indexOf("-t") + 1), argv.get(argv.indexOf("-X") + 1))
                    .getBytes(StandardCharsets.UTF_8)));
        }
        throw new IOException("the model has no " + argv);
    }

    private Exit rule(boolean delete, List<String> argv) throws IOException {
        var table = argv.get(argv.indexOf("-t") + 1);
        var chain = argv.get(argv.indexOf(delete ? "-D" : "-C") + 1);
        var words = argv.subList(argv.indexOf("-t") + 2, argv.size()).stream()
                .map(word -> word.matches("[!\\w./:,-]+") ? word : '"' + word.replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(" "));
        if (delete) {
            var text = "*" + table + "\n-D " + chain + " " + words + "\nCOMMIT\n";
            return restore(stdin -> stdin.write(text.getBytes(StandardCharsets.UTF_8)));
        }
        var rule = RuleParser.parse("-A " + chain + " " + words).rule().canonical(ruleset.family());
        boolean there = ruleset.rules(Table.of(table).orElseThrow(), chain).contains(rule);
        return there ? new Exit(0, "") : new Exit(1, "iptables: Bad rule (does a matching rule exist in that chain?).");
    }

    private Exit restore(Input input) throws IOException {
        var text = new ByteArrayOutputStream();
        input.writeTo(text);
        var failure = fault;
        fault = Fault.NONE;
        var script = script(text.toString(StandardCharsets.UTF_8));
        try {
            switch (failure) {
                case NONE -> ruleset = ruleset.apply(script);
                case LOCK_HELD -> {
                    return new Exit(4, "Another app is currently holding the xtables lock.");
                }
                case REFUSED -> {
                    return new Exit(2, "iptables-restore: line 2 failed");
                }
                case NAT_REFUSED -> ruleset = ruleset.apply(script(breakNat(text.toString(StandardCharsets.UTF_8))));
            }
            return new Exit(0, "");
        } catch (RestoreRejectedException e) {
            ruleset = e.committed();
            return new Exit(2, String.valueOf(e.getMessage()));
        }
    }

    private static String breakNat(String text) {
        return text.replace("*nat\n", "*nat\n-X NO-SUCH-CHAIN\n");
    }

    private static RestoreScript script(String text) {
        return sink -> {
            try {
                RestoreParser.parse(new StringReader(text), sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static java.io.InputStream stream(String text) {
        return new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
