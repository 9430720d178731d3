package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.nftables.Command.OfChain;
import io.fairlead.netfilter.nftables.Command.OfElements;
import io.fairlead.netfilter.nftables.Command.OfRule;
import io.fairlead.netfilter.nftables.Command.OfSet;
import io.fairlead.netfilter.nftables.Command.OfTable;
import io.fairlead.netfilter.nftables.Command.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is to be done to one table, in order; all of it or nothing. Packets see the table before or after it, never between.
 *
 * <p>Not for concurrent use.
 */
public final class Transaction {

    /** What the kernel does not read of objects that are only named. */
    private static final Rule NO_RULE = new Rule(List.of(), "");

    private final TableId table;
    private final List<Command> commands = new ArrayList<>();

    public Transaction(TableId table) {
        this.table = table;
    }

    public TableId table() {
        return table;
    }

    public List<Command> commands() {
        return Collections.unmodifiableList(commands);
    }

    public boolean isEmpty() {
        return commands.isEmpty();
    }

    public Transaction then(Command command) {
        commands.add(command);
        return this;
    }

    /** @throws IllegalArgumentException when it is not this transaction's table */
    public Transaction add(Table object) {
        return table(Verb.ADD, object);
    }

    public Transaction create(Table object) {
        return table(Verb.CREATE, object);
    }

    /** Takes the table away with all that is in it. */
    public Transaction deleteTable() {
        return table(Verb.DELETE, new Table(table, false, ""));
    }

    public Transaction destroyTable() {
        return table(Verb.DESTROY, new Table(table, false, ""));
    }

    /** Takes all rules out of all chains of the table. */
    public Transaction flushTable() {
        return table(Verb.FLUSH, new Table(table, false, ""));
    }

    private Transaction table(Verb verb, Table object) {
        if (!object.id().equals(table)) {
            throw new IllegalArgumentException(
                    "a transaction on table " + table + " cannot touch table " + object.id());
        }
        return then(new OfTable(verb, object));
    }

    public Transaction add(Chain chain) {
        return then(new OfChain(Verb.ADD, chain));
    }

    public Transaction create(Chain chain) {
        return then(new OfChain(Verb.CREATE, chain));
    }

    public Transaction flushChain(String name) {
        return then(new OfChain(Verb.FLUSH, Chain.regular(name)));
    }

    /** Takes the chain and its rules away. */
    public Transaction deleteChain(String name) {
        return then(new OfChain(Verb.DELETE, Chain.regular(name)));
    }

    public Transaction destroyChain(String name) {
        return then(new OfChain(Verb.DESTROY, Chain.regular(name)));
    }

    /** Puts a rule at the end of a chain. */
    public Transaction add(String chain, Rule rule) {
        return then(new OfRule(Verb.ADD, chain, rule, 0));
    }

    /** Puts a rule at the head of a chain. */
    public Transaction insert(String chain, Rule rule) {
        return then(new OfRule(Verb.INSERT, chain, rule, 0));
    }

    /** Puts a rule before another. */
    public Transaction insertBefore(String chain, long handle, Rule rule) {
        return then(new OfRule(Verb.INSERT, chain, rule, handle));
    }

    public Transaction replace(String chain, long handle, Rule rule) {
        return then(new OfRule(Verb.REPLACE, chain, rule, handle));
    }

    public Transaction deleteRule(String chain, long handle) {
        return then(new OfRule(Verb.DELETE, chain, NO_RULE, handle));
    }

    public Transaction destroyRule(String chain, long handle) {
        return then(new OfRule(Verb.DESTROY, chain, NO_RULE, handle));
    }

    public Transaction add(NftSet set) {
        return then(new OfSet(Verb.ADD, set));
    }

    public Transaction create(NftSet set) {
        return then(new OfSet(Verb.CREATE, set));
    }

    /** Takes all elements out of a set or map. */
    public Transaction flushSet(String name) {
        return then(new OfSet(Verb.FLUSH, NftSet.set(name)));
    }

    public Transaction deleteSet(String name) {
        return then(new OfSet(Verb.DELETE, NftSet.set(name)));
    }

    public Transaction destroySet(String name) {
        return then(new OfSet(Verb.DESTROY, NftSet.set(name)));
    }

    /** Elements whose key is there already with another value fail; with the same value nothing happens. */
    public Transaction add(NftSet set, Iterable<Element> elements) {
        return then(new OfElements(Verb.ADD, set, elements));
    }

    /** Elements whose key is there already fail. */
    public Transaction create(NftSet set, Iterable<Element> elements) {
        return then(new OfElements(Verb.CREATE, set, elements));
    }

    /** Only the keys count. */
    public Transaction delete(NftSet set, Iterable<Element> elements) {
        return then(new OfElements(Verb.DELETE, set, elements));
    }

    public Transaction destroy(NftSet set, Iterable<Element> elements) {
        return then(new OfElements(Verb.DESTROY, set, elements));
    }
}
