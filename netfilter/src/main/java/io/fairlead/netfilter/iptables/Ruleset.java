package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rules of one family in a kernel at one moment.
 *
 * <ul>
 *   <li>Immutable; {@link #apply} gives the next state.
 *   <li>Rules are canonical ({@link Rule#canonical}): equal states do the same with every packet.
 *   <li>A table exists once something has touched it, as on the nf_tables back end. Counters are not part of the state.
 *   <li>{@link #toString} is what {@code iptables-save} 1.8.9 prints, less comments and counters.
 * </ul>
 */
public final class Ruleset {

    private final IpFamily family;
    private final Map<Table, TableImage> tables;

    private Ruleset(IpFamily family, Map<Table, TableImage> tables) {
        this.family = family;
        this.tables = tables;
    }

    /** A kernel in which iptables has never been used: no table. */
    public static Ruleset empty(IpFamily family) {
        return new Ruleset(family, new EnumMap<>(Table.class));
    }

    /** @throws RuleSyntaxException when the listing is not one, or a rule stands in a chain that is not listed */
    public static Ruleset parse(IpFamily family, String listing) {
        try {
            return parse(family, new StringReader(listing));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws RuleSyntaxException when the listing is not one, or a rule stands in a chain that is not listed */
    public static Ruleset parse(IpFamily family, Reader listing) throws IOException {
        var builder = new Builder(empty(family));
        try {
            SaveParser.parse(listing, builder);
        } catch (KernelRefusal e) {
            throw new RuleSyntaxException(0, family + " listing", String.valueOf(e.getMessage()));
        }
        return builder.result;
    }

    /**
     * What {@code iptables-restore --noflush} makes of this state: every table as a whole or not at all, in the
     * script's order.
     *
     * @throws RestoreRejectedException at the first thing that the kernel would refuse
     */
    public Ruleset apply(RestoreScript script) throws RestoreRejectedException {
        var builder = new Builder(this);
        try {
            script.writeTo(builder);
        } catch (KernelRefusal e) {
            throw new RestoreRejectedException(String.valueOf(e.getMessage()), builder.result);
        }
        return builder.result;
    }

    public IpFamily family() {
        return family;
    }

    /** The tables that exist. */
    public Set<Table> tables() {
        return Set.copyOf(tables.keySet());
    }

    /** All chains of the table, built-in ones included; none when the table does not exist. */
    public SortedSet<String> chains(Table table) {
        var image = tables.get(table);
        return image == null ? new TreeSet<>() : new TreeSet<>(image.chains().keySet());
    }

    public boolean hasChain(Table table, String chain) {
        var image = tables.get(table);
        return image != null && image.chains().containsKey(chain);
    }

    /** Canonical rules in order; none when the chain does not exist. */
    public List<Rule> rules(Table table, String chain) {
        var image = tables.get(table);
        return image == null ? List.of() : image.chains().getOrDefault(chain, List.of());
    }

    /** The policy of a built-in chain of an existing table. */
    public Optional<Target.Verdict> policy(Table table, String chain) {
        return Optional.ofNullable(tables.get(table))
                .flatMap(image -> Optional.ofNullable(image.policies().get(chain)));
    }

    /** Rules in all chains of the table. */
    public int ruleCount(Table table) {
        var image = tables.get(table);
        return image == null
                ? 0
                : image.chains().values().stream().mapToInt(List::size).sum();
    }

    /** Writes the state as iptables-save does, without comments; counters are zero. */
    public void print(Appendable out) throws IOException {
        var printer = new SavePrinter(family);
        for (var table : BuiltinChains.SAVE_ORDER) {
            var image = tables.get(table);
            if (image != null) {
                print(table, image, printer, out);
            }
        }
    }

    private static void print(Table table, TableImage image, SavePrinter printer, Appendable out) throws IOException {
        var line = new StringBuilder();
        out.append("*").append(table.toString()).append('\n');
        for (var chain : image.chains().keySet()) {
            var policy = image.policies().get(chain);
            out.append(":")
                    .append(chain)
                    .append(policy == null ? " -" : " " + policy)
                    .append(" [0:0]\n");
        }
        for (var chain : image.chains().entrySet()) {
            for (var rule : chain.getValue()) {
                line.setLength(0);
                line.append("-A ").append(chain.getKey());
                printer.printCanonical(rule, line);
                out.append(line).append('\n');
            }
        }
        out.append("COMMIT\n");
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        try {
            print(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ruleset ruleset && family == ruleset.family && tables.equals(ruleset.tables);
    }

    @Override
    public int hashCode() {
        return Objects.hash(family, tables);
    }

    /** The state so far, and the table that is open. */
    private static final class Builder implements RestoreSink, SaveListener {

        private Ruleset result;
        private Optional<Table> open = Optional.empty();
        private Optional<TableDraft> draft = Optional.empty();

        Builder(Ruleset start) {
            this.result = start;
        }

        @Override
        public void table(Table table) {
            var image = result.tables.get(table);
            open = Optional.of(table);
            draft = Optional.of(new TableDraft(result.family, table, image == null ? TableImage.empty(table) : image));
        }

        @Override
        public void chain(String name) {
            draft().declare(name);
        }

        @Override
        public void chain(String name, Optional<Target.Verdict> policy) {
            draft().declare(name);
            policy.ifPresent(verdict -> draft().policy(name, verdict));
        }

        @Override
        public void append(String chain, Rule rule) {
            draft().append(chain, rule);
        }

        @Override
        public void rule(String chain, Rule rule) {
            append(chain, rule);
        }

        @Override
        public void insert(String chain, int position, Rule rule) {
            draft().insert(chain, position, rule);
        }

        @Override
        public void delete(String chain, Rule rule) {
            draft().delete(chain, rule);
        }

        @Override
        public void deleteChain(String chain) {
            draft().deleteChain(chain);
        }

        @Override
        public void commit() {
            draft().requireTargets();
            end();
        }

        /** What the kernel lists is so; a jump into nowhere is then a target that has no name here. */
        @Override
        public void end() {
            var image = draft().image();
            var tables = new EnumMap<Table, TableImage>(Table.class);
            tables.putAll(result.tables);
            open.ifPresent(table -> tables.put(table, image));
            result = new Ruleset(result.family, tables);
            open = Optional.empty();
            draft = Optional.empty();
        }

        private TableDraft draft() {
            return draft.orElseThrow(() -> new KernelRefusal("no table is open"));
        }
    }
}
