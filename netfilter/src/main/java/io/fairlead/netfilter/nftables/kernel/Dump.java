package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.wire.Message;
import io.fairlead.netfilter.nftables.wire.MessageReader;
import io.fairlead.netfilter.nftables.wire.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Single questions to the kernel; {@link Nftables#consistently} makes several of them fit together. */
public final class Dump {

    /** How often a set is read that the kernel rearranges meanwhile; the pauses between come to half a second. */
    private static final int ATTEMPTS = 12;

    private static final long PAUSE_NANOS = 100_000;

    private final NetlinkChannel channel;

    Dump(NetlinkChannel channel) {
        this.channel = channel;
    }

    Message.OfGeneration generation() throws IOException {
        for (var payload : ask(Query.generation())) {
            if (read(Query.generation().answerType(), payload) instanceof Message.OfGeneration generation) {
                return generation;
            }
        }
        throw new MalformedMessageException("the kernel did not say which generation its rules are of");
    }

    /** @return empty when there is no such table */
    public Optional<Table> table(TableId id) throws IOException {
        var query = Query.table(id);
        try {
            for (var payload : ask(query)) {
                if (read(query.answerType(), payload) instanceof Message.OfTable of) {
                    return Optional.of(of.table());
                }
            }
            return Optional.empty();
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** All tables of all families. */
    public List<Table> tables() throws IOException {
        var tables = new ArrayList<Table>();
        var query = Query.tables();
        channel.dump(query.type(), query.payload(), payload -> {
            if (read(query.answerType(), payload) instanceof Message.OfTable of) {
                tables.add(of.table());
            }
        });
        return tables;
    }

    public List<Chain> chains(TableId table) throws IOException {
        var chains = new ArrayList<Chain>();
        each(Query.chains(table), table, message -> {
            if (message instanceof Message.OfChain of) {
                chains.add(of.chain());
            }
        });
        return chains;
    }

    /** The anonymous ones, too, under the names that the kernel gave them. */
    List<Message.OfSet> sets(TableId table) throws IOException {
        var sets = new ArrayList<Message.OfSet>();
        each(Query.sets(table), table, message -> {
            if (message instanceof Message.OfSet of) {
                sets.add(of);
            }
        });
        return sets;
    }

    /** With their anonymous sets in them. */
    public List<Message.OfRule> rules(TableId table) throws IOException {
        return rules(table, anonymous(table, sets(table)));
    }

    private List<Message.OfRule> rules(TableId table, Map<String, SetRef> anonymous) throws IOException {
        var rules = new ArrayList<Message.OfRule>();
        each(Query.rules(table), table, message -> {
            if (message instanceof Message.OfRule of) {
                rules.add(
                        new Message.OfRule(false, of.table(), of.chain(), of.handle(), resolve(of.rule(), anonymous)));
            }
        });
        return rules;
    }

    private static Rule resolve(Rule rule, Map<String, SetRef> anonymous) {
        var expressions = new ArrayList<Expression>(rule.expressions());
        expressions.replaceAll(expression -> {
            if (expression instanceof Lookup lookup && lookup.set() instanceof SetRef.Named named) {
                var set = anonymous.getOrDefault(named.name(), named);
                return new Lookup(set, lookup.sreg(), lookup.dreg(), lookup.inverted());
            }
            return expression;
        });
        return new Rule(expressions, rule.comment());
    }

    private Map<String, SetRef> anonymous(TableId table, List<Message.OfSet> sets) throws IOException {
        var anonymous = new HashMap<String, SetRef>();
        for (var of : sets) {
            if (of.anonymous()) {
                var set = of.set();
                var elements = new ArrayList<Element>();
                elements(table, set.name(), elements::add);
                anonymous.put(
                        set.name(),
                        new SetRef.Anonymous(set.key(), set.value(), set.is(NftSet.Flag.INTERVAL), elements));
            }
        }
        return anonymous;
    }

    /**
     * The elements of a set, each once.
     *
     * <p>The kernel walks a hash table anew for each part of its answer and skips as many elements as it has told. A table that
     * has grown or shrunk is rearranged meanwhile, which no flag and no generation tells: some elements then come twice, and
     * others not at all. Every walk passes all of them, so an answer that has only as many as there are different ones has them
     * all. Any other is asked for again, and adds what it has to what came before.
     *
     * @throws NetlinkException with {@link NetlinkException#EINTR} when somebody changes the set, or the kernel does not come to
     *     an end with rearranging it: all that came has been handed over
     */
    public void elements(TableId table, String set, Consumer<Element> each) throws IOException {
        var seen = new ElementKeys();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                LockSupport.parkNanos(PAUSE_NANOS << attempt);
            }
            int told = elements(table, set, seen, each);
            if (told == seen.size()) {
                return;
            }
        }
        throw new NetlinkException(
                "reading set " + set + " of table " + table + " while the kernel rearranges it",
                NetlinkException.EINTR);
    }

    /** One answer; @return how many elements it had */
    private int elements(TableId table, String set, ElementKeys seen, Consumer<Element> each) throws IOException {
        var told = new AtomicInteger();
        each(Query.elements(table, set), table, message -> {
            if (message instanceof Message.OfElements of && of.set().equals(set)) {
                told.addAndGet(of.elements().size());
                of.elements().stream().filter(seen::add).forEach(each);
            }
        });
        return told.get();
    }

    /** @return empty when there is none with this key, or no such set */
    public Optional<Element> element(TableId table, String set, Data key) throws IOException {
        var query = Query.element(table, set, key);
        try {
            for (var payload : ask(query)) {
                if (read(query.answerType(), payload) instanceof Message.OfElements of) {
                    return of.elements().stream().findFirst();
                }
            }
            return Optional.empty();
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @param withElements whether the elements of named sets are wanted */
    public Optional<TableImage> table(TableId id, boolean withElements) throws IOException {
        var table = table(id);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        var chains = new LinkedHashMap<String, Chain>();
        chains(id).forEach(chain -> chains.put(chain.name(), chain));
        var allSets = sets(id);
        var rules = new HashMap<String, List<Rule>>();
        for (var of : rules(id, anonymous(id, allSets))) {
            rules.computeIfAbsent(of.chain(), _ -> new ArrayList<>()).add(of.rule());
        }
        var sets = new LinkedHashMap<String, NftSet>();
        var elements = new HashMap<String, List<Element>>();
        for (var of : allSets) {
            if (!of.anonymous()) {
                sets.put(of.set().name(), of.set());
                if (withElements) {
                    var list = new ArrayList<Element>();
                    elements(id, of.set().name(), list::add);
                    elements.put(of.set().name(), list);
                }
            }
        }
        return Optional.of(new TableImage(table.get(), chains, rules, sets, elements));
    }

    private List<byte[]> ask(Query query) throws IOException {
        return channel.request(query.type(), NetlinkChannel.REQUEST | NetlinkChannel.ACK, query.payload());
    }

    /** Objects of other tables are left out before they are looked into: they may be such as are not known here. */
    private void each(Query query, TableId table, Consumer<Message> each) throws IOException {
        channel.dump(query.type(), query.payload(), payload -> {
            if (MessageReader.isOfTable(payload, table)) {
                each.accept(read(query.answerType(), payload));
            }
        });
    }

    private static Message read(int type, byte[] payload) throws MalformedMessageException {
        return MessageReader.read(type, payload)
                .orElseThrow(() -> new MalformedMessageException("an answer of the kernel's that is not known here"));
    }

    void close() {
        channel.close();
    }
}
