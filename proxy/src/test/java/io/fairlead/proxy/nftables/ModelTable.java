package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Command;
import io.fairlead.netfilter.nftables.Command.Verb;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Dynset;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.netfilter.nftables.wire.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with one table, as far as transactions go: all or nothing, and as strict as the real one about what is there, what
 * is not, and what is in use. Counts what it is asked for, fails on demand, and lets {@link #afterCommit} look at every state
 * that packets would see.
 */
final class ModelTable implements KernelTable {

    private static final class State {
        private @Nullable Table table;
        private final Map<String, Chain> chains = new LinkedHashMap<>();
        private final Map<String, List<Rule>> rules = new HashMap<>();
        private final Map<String, NftSet> sets = new LinkedHashMap<>();
        private final Map<String, Map<Data, Element>> elements = new HashMap<>();

        private State copy() {
            var copy = new State();
            copy.table = table;
            copy.chains.putAll(chains);
            rules.forEach((chain, list) -> copy.rules.put(chain, new ArrayList<>(list)));
            copy.sets.putAll(sets);
            elements.forEach((set, map) -> copy.elements.put(set, new HashMap<>(map)));
            return copy;
        }
    }

    private State state = new State();
    private Consumer<ModelTable> afterCommit = _ -> {};
    private Optional<TableException.Kind> fault = Optional.empty();
    private int faultAfter;
    private final Disturbances disturbances = new Disturbances();
    private int commits;
    private int reads;
    private int setsRead;
    private int elementsWritten;

    void afterCommit(Consumer<ModelTable> check) {
        afterCommit = check;
    }

    /** The commit after so many others is refused. */
    void fail(TableException.Kind kind, int after) {
        fault = Optional.of(kind);
        faultAfter = after;
    }

    int commits() {
        return commits;
    }

    int reads() {
        return reads;
    }

    /** Sets of which all elements were asked for. */
    int setsRead() {
        return setsRead;
    }

    int elementsWritten() {
        return elementsWritten;
    }

    @Override
    public Optional<TableImage> read() {
        reads++;
        var table = state.table;
        if (table == null) {
            return Optional.empty();
        }
        return Optional.of(new TableImage(
                table,
                new LinkedHashMap<>(state.chains),
                Map.copyOf(state.rules),
                new LinkedHashMap<>(state.sets),
                Map.of()));
    }

    @Override
    public void readElements(NftSet set, Consumer<Element> elements) {
        setsRead++;
        List.copyOf(state.elements.getOrDefault(set.name(), Map.of()).values()).forEach(elements);
    }

    @Override
    public void watch(Runnable disturbed) {}

    @Override
    public Optional<Element> readElement(NftSet set, Data key) {
        return Optional.ofNullable(
                state.elements.getOrDefault(set.name(), Map.of()).get(key));
    }

    @Override
    public Disturbance takeDisturbance() {
        return disturbances.take();
    }

    @Override
    public void commit(Transaction transaction) throws TableException {
        commits++;
        if (fault.isPresent() && faultAfter-- == 0) {
            var kind = fault.get();
            fault = Optional.empty();
            throw refused(kind, "injected");
        }
        apply(transaction);
        afterCommit.accept(this);
    }

    /** As somebody else. */
    void tamper(Transaction transaction) {
        try {
            apply(transaction);
        } catch (TableException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As somebody else, and it is heard of. */
    void disturb(Transaction transaction) {
        transaction.commands().forEach(this::notifyOf);
        tamper(transaction);
    }

    private void notifyOf(Command command) {
        var id = Objects.requireNonNull(state.table).id();
        switch (command) {
            case Command.OfTable of -> disturbances.add(new Message.OfTable(of.verb() == Verb.DELETE, of.table()));
            case Command.OfChain of -> disturbances.add(new Message.OfChain(of.verb() == Verb.DELETE, id, of.chain()));
            case Command.OfRule of -> disturbances.add(new Message.OfRule(false, id, of.chain(), 0, of.rule()));
            case Command.OfSet of -> {
                if (of.verb() == Verb.FLUSH) {
                    var all = List.copyOf(elements(of.set().name()).values());
                    disturbances.add(new Message.OfElements(true, id, of.set().name(), all));
                } else {
                    disturbances.add(new Message.OfSet(of.verb() == Verb.DELETE, id, false, of.set()));
                }
            }
            case Command.OfElements of -> {
                var some = new ArrayList<Element>();
                of.elements().forEach(some::add);
                disturbances.add(new Message.OfElements(
                        of.verb() == Verb.DELETE, id, of.set().name(), some));
            }
        }
    }

    private void apply(Transaction transaction) throws TableException {
        var next = state.copy();
        for (var command : transaction.commands()) {
            apply(next, command);
        }
        state = next;
    }

    private void apply(State next, Command command) throws TableException {
        switch (command) {
            case Command.OfTable(Verb verb, Table table) -> {
                switch (verb) {
                    case ADD -> next.table = next.table == null ? table : next.table;
                    case DELETE -> {
                        require(next.table != null, "no table");
                        next.table = null;
                        next.chains.clear();
                        next.rules.clear();
                        next.sets.clear();
                        next.elements.clear();
                    }
                    default -> throw new AssertionError(verb);
                }
            }
            case Command.OfChain(Verb verb, Chain chain) -> apply(next, verb, chain);
            case Command.OfRule of -> {
                var chain = of.chain();
                var rule = of.rule();
                require(of.verb() == Verb.ADD && next.chains.containsKey(chain), "no chain " + chain);
                for (var referred : chainsOf(rule)) {
                    require(next.chains.containsKey(referred), "no chain " + referred + " to jump to");
                }
                for (var referred : setsOf(rule)) {
                    require(next.sets.containsKey(referred), "no set " + referred);
                }
                next.rules.computeIfAbsent(chain, _ -> new ArrayList<>()).add(rule);
            }
            case Command.OfSet(Verb verb, NftSet set) -> apply(next, verb, set);
            case Command.OfElements(Verb verb, NftSet set, var elements) -> {
                require(next.sets.containsKey(set.name()), "no set " + set.name());
                for (var element : elements) {
                    elementsWritten++;
                    apply(next, verb, next.elements.computeIfAbsent(set.name(), _ -> new HashMap<>()), element);
                }
            }
        }
    }

    private static void apply(State next, Verb verb, Chain chain) throws TableException {
        require(next.table != null, "no table");
        switch (verb) {
            case ADD -> {
                var there = next.chains.putIfAbsent(chain.name(), chain);
                require(there == null || there.hook().equals(chain.hook()), "another hook");
            }
            case FLUSH -> {
                require(next.chains.containsKey(chain.name()), "no chain " + chain.name());
                next.rules.remove(chain.name());
            }
            case DELETE -> {
                require(next.chains.remove(chain.name()) != null, "no chain " + chain.name());
                next.rules.remove(chain.name());
                require(!referredChains(next).contains(chain.name()), "busy: " + chain.name());
            }
            default -> throw new AssertionError(verb);
        }
    }

    private static void apply(State next, Verb verb, NftSet set) throws TableException {
        require(next.table != null, "no table");
        switch (verb) {
            case ADD -> {
                var there = next.sets.put(set.name(), set);
                require(
                        there == null
                                || there.key().equals(set.key())
                                        && there.value().equals(set.value())
                                        && there.flags().equals(set.flags()),
                        "another type: " + set.name());
            }
            case DELETE -> {
                require(next.sets.remove(set.name()) != null, "no set " + set.name());
                next.elements.remove(set.name());
                require(!referredSets(next).contains(set.name()), "busy: " + set.name());
            }
            case FLUSH -> next.elements.remove(set.name());
            default -> throw new AssertionError(verb);
        }
    }

    private static void apply(State next, Verb verb, Map<Data, Element> elements, Element element)
            throws TableException {
        switch (verb) {
            case ADD -> {
                var there = elements.putIfAbsent(element.key(), element);
                require(there == null || there.value().equals(element.value()), "another value");
                if (element.value().orElse(Verdict.DROP) instanceof Verdict.Goto(String chain)) {
                    require(next.chains.containsKey(chain), "no chain " + chain);
                }
            }
            case DELETE -> require(elements.remove(element.key()) != null, "no element " + element);
            default -> throw new AssertionError(verb);
        }
    }

    private static void require(boolean condition, String what) throws TableException {
        if (!condition) {
            throw refused(TableException.Kind.CHANGED, what);
        }
    }

    private static TableException refused(TableException.Kind kind, String what) {
        return new TableException(kind, what, new IllegalStateException(what));
    }

    private static Set<String> referredChains(State state) {
        var referred = new HashSet<String>();
        state.rules.values().forEach(rules -> rules.forEach(rule -> referred.addAll(chainsOf(rule))));
        state.elements
                .values()
                .forEach(elements -> elements.values()
                        .forEach(element -> element.value().ifPresent(value -> addChain(value, referred))));
        return referred;
    }

    private static Set<String> referredSets(State state) {
        var referred = new HashSet<String>();
        state.rules.values().forEach(rules -> rules.forEach(rule -> referred.addAll(setsOf(rule))));
        return referred;
    }

    private static Set<String> chainsOf(Rule rule) {
        var chains = new HashSet<String>();
        for (Expression expression : rule.expressions()) {
            if (expression instanceof Immediate immediate) {
                addChain(immediate.value(), chains);
            } else if (expression instanceof Lookup lookup && lookup.set() instanceof SetRef.Anonymous set) {
                set.elements().forEach(element -> element.value().ifPresent(value -> addChain(value, chains)));
            }
        }
        return chains;
    }

    private static void addChain(Value value, Set<String> chains) {
        if (value instanceof Verdict.Goto(String chain)) {
            chains.add(chain);
        } else if (value instanceof Verdict.Jump(String chain)) {
            chains.add(chain);
        }
    }

    private static Set<String> setsOf(Rule rule) {
        var sets = new HashSet<String>();
        for (Expression expression : rule.expressions()) {
            if (expression instanceof Lookup lookup && lookup.set() instanceof SetRef.Named(String name)) {
                sets.add(name);
            } else if (expression instanceof Dynset dynset) {
                sets.add(dynset.set());
            }
        }
        return sets;
    }

    /** All of it, elements included. */
    TableImage image() {
        var elements = new HashMap<String, List<Element>>();
        state.elements.forEach((set, byKey) -> elements.put(set, List.copyOf(byKey.values())));
        return new TableImage(
                Objects.requireNonNull(state.table),
                new LinkedHashMap<>(state.chains),
                Map.copyOf(state.rules),
                new LinkedHashMap<>(state.sets),
                elements);
    }

    Set<String> chains() {
        return state.chains.keySet();
    }

    Map<Data, Element> elements(String set) {
        return state.elements.getOrDefault(set, Map.of());
    }

    List<Rule> rules(String chain) {
        return state.rules.getOrDefault(chain, List.of());
    }

    /**
     * All that is there, one line for each thing, sorted. Endpoints are told without their index, and as many as there are:
     * which has which is nobody's business.
     */
    List<String> lines(Set<String> exceptChains, Set<Data> exceptPlaces) {
        var lines = new TreeMap<String, Integer>();
        if (state.table != null) {
            lines.merge("table " + state.table.comment(), 1, Integer::sum);
        }
        state.chains.forEach((name, chain) -> {
            if (!exceptChains.contains(name)) {
                lines.merge("chain " + chain + " " + rules(name), 1, Integer::sum);
            }
        });
        state.sets.values().forEach(set -> lines.merge("set " + set, 1, Integer::sum));
        state.elements.forEach((set, elements) -> elements.values().forEach(element -> {
            var key = Endpoints.isMap(set) ? Keys.placeOf(element.key()) : element.key();
            if (!exceptPlaces.contains(key)) {
                lines.merge("element " + set + " " + key + " " + element.value(), 1, Integer::sum);
            }
        }));
        var text = new ArrayList<String>();
        lines.forEach((line, count) -> text.add(count + " × " + line));
        return text;
    }
}
