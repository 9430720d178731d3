package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.MessageBuffer;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Command;
import io.fairlead.netfilter.nftables.Command.OfChain;
import io.fairlead.netfilter.nftables.Command.OfElements;
import io.fairlead.netfilter.nftables.Command.OfRule;
import io.fairlead.netfilter.nftables.Command.OfSet;
import io.fairlead.netfilter.nftables.Command.OfTable;
import io.fairlead.netfilter.nftables.Command.Verb;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Commands as the messages of one batch, outside the heap. Elements make no garbage: elements may be many, everything else is
 * few.
 *
 * <p>{@link #size} tells how large it has become, for those who want bounded batches. Not for concurrent use.
 */
public final class Batch implements AutoCloseable {

    private static final int FIRST_CAPACITY = 1 << 16;

    /** Flags of nft for verbs that make something; others have none. */
    private static final int ADD = NLM_F_REQUEST | NLM_F_CREATE;

    private final TableId table;
    private final MessageBuffer buffer = new MessageBuffer(FIRST_CAPACITY);
    private final ExpressionWriter expressions = new ExpressionWriter(buffer);
    private final SetWriter sets = new SetWriter(buffer);
    private final ElementList elements = new ElementList(this);
    private final List<Command> commands = new ArrayList<>();
    private final Map<String, Integer> setIds = new HashMap<>();

    /** By sequence number: where the message begins, and the index of the command that it is of. */
    private int[] starts = new int[64];

    private int[] causes = new int[64];
    private int messages;
    private int lastSetId;

    public Batch(TableId table) {
        this(table, OptionalInt.empty());
    }

    /** @param generation the kernel refuses the batch with ERESTART when its rules are not of this generation any more */
    public Batch(TableId table, OptionalInt generation) {
        this.table = table;
        control(NFNL_MSG_BATCH_BEGIN, generation);
    }

    /** All of a transaction, from begin to end. */
    public static Batch of(Transaction transaction) {
        var batch = new Batch(transaction.table());
        try {
            transaction.commands().forEach(batch::add);
            batch.end();
            return batch;
        } catch (RuntimeException e) {
            batch.close();
            throw e;
        }
    }

    /** As {@link #of}, but such that the kernel only checks it. */
    public static Batch unapplied(Transaction transaction) {
        var batch = new Batch(transaction.table());
        try {
            transaction.commands().forEach(batch::add);
            batch.endUnapplied();
            return batch;
        } catch (RuntimeException e) {
            batch.close();
            throw e;
        }
    }

    MessageBuffer buffer() {
        return buffer;
    }

    /** What to send, once {@link #end} has been called. */
    public MessageBuffer messages() {
        return buffer;
    }

    public TableId table() {
        return table;
    }

    /** Bytes so far. */
    public int size() {
        return buffer.size();
    }

    public List<Command> commands() {
        return commands;
    }

    /** Sequence number of the last message before the end: the one that is acknowledged. */
    public int lastSequence() {
        return messages;
    }

    private void control(int type, OptionalInt generation) {
        int start = buffer.beginMessage(type, NLM_F_REQUEST, messages);
        buffer.putRaw(NFNL_SUBSYS_NFTABLES);
        generation.ifPresent(id -> buffer.putInt(NFNL_BATCH_GENID, id));
        buffer.endMessage(start);
    }

    /**
     * Asks for an acknowledgement of the last message and ends the batch.
     *
     * @throws IllegalStateException when nothing is in it
     */
    public void end() {
        endWithAcknowledgement();
        messages++;
        control(NFNL_MSG_BATCH_END, OptionalInt.empty());
        messages--;
    }

    /** As {@link #end}, but without the message that makes the kernel apply it: it is only checked. */
    public void endUnapplied() {
        endWithAcknowledgement();
    }

    private void endWithAcknowledgement() {
        if (messages == 0) {
            throw new IllegalStateException("an empty batch for table " + table);
        }
        buffer.addFlags(starts[messages], NLM_F_ACK);
    }

    public Batch add(Command command) {
        commands.add(command);
        switch (command) {
            case OfTable of -> table(of.verb(), of.table());
            case OfChain of -> chain(of.verb(), of.chain());
            case OfRule of -> rule(of);
            case OfSet of -> set(of.verb(), of.set());
            case OfElements of -> elements(of);
        }
        return this;
    }

    private void table(Verb verb, Table object) {
        switch (verb) {
            case ADD -> newTable(object, NLM_F_REQUEST);
            case CREATE -> newTable(object, ADD | NLM_F_EXCL);
            case DELETE -> end(begin(NFT_MSG_DELTABLE, NLM_F_REQUEST));
            case DESTROY -> {
                // On every kernel; NFT_MSG_DESTROYTABLE came with Linux 6.3.
                newTable(object, NLM_F_REQUEST);
                end(begin(NFT_MSG_DELTABLE, NLM_F_REQUEST));
            }
            case FLUSH -> end(begin(NFT_MSG_DELRULE, NLM_F_REQUEST));
            case INSERT, REPLACE -> throw unsupported(verb, "table");
        }
    }

    private void newTable(Table object, int flags) {
        int start = begin(NFT_MSG_NEWTABLE, flags);
        buffer.putInt(NFTA_TABLE_FLAGS, object.dormant() ? NFT_TABLE_F_DORMANT : 0);
        Userdata.comment(buffer, NFTA_TABLE_USERDATA, object.comment());
        end(start);
    }

    private void chain(Verb verb, Chain chain) {
        switch (verb) {
            case ADD -> newChain(chain, ADD);
            case CREATE -> newChain(chain, ADD | NLM_F_EXCL);
            case FLUSH -> named(NFT_MSG_DELRULE, NFTA_RULE_CHAIN, chain.name());
            case DELETE -> named(NFT_MSG_DELCHAIN, NFTA_CHAIN_NAME, chain.name());
            case DESTROY -> {
                newChain(Chain.regular(chain.name()), ADD);
                named(NFT_MSG_DELCHAIN, NFTA_CHAIN_NAME, chain.name());
            }
            case INSERT, REPLACE -> throw unsupported(verb, "chain");
        }
    }

    private void newChain(Chain chain, int flags) {
        int start = begin(NFT_MSG_NEWCHAIN, flags);
        buffer.putText(NFTA_CHAIN_NAME, chain.name());
        chain.hook().ifPresent(hook -> {
            buffer.putText(NFTA_CHAIN_TYPE, hook.type().toString());
            int nested = buffer.beginNested(NFTA_CHAIN_HOOK);
            buffer.putInt(NFTA_HOOK_HOOKNUM, hook.point().number());
            buffer.putInt(NFTA_HOOK_PRIORITY, hook.priority());
            buffer.endNested(nested);
            if (hook.policy() == io.fairlead.netfilter.nftables.Hook.Policy.DROP) {
                buffer.putInt(NFTA_CHAIN_POLICY, hook.policy().number());
            }
        });
        Userdata.comment(buffer, NFTA_CHAIN_USERDATA, chain.comment());
        end(start);
    }

    private void rule(OfRule of) {
        switch (of.verb()) {
            case ADD -> newRule(of, ADD | NLM_F_APPEND, 0);
            case CREATE -> newRule(of, ADD | NLM_F_EXCL | NLM_F_APPEND, 0);
            case INSERT -> newRule(of, ADD, NFTA_RULE_POSITION);
            case REPLACE -> newRule(of, NLM_F_REQUEST | NLM_F_REPLACE, NFTA_RULE_HANDLE);
            case DELETE -> deleteRule(NFT_MSG_DELRULE, of);
            case DESTROY -> deleteRule(NFT_MSG_DESTROYRULE, of);
            case FLUSH -> throw unsupported(of.verb(), "rule");
        }
    }

    /** @param handleType the attribute in which the handle goes, if there is one */
    private void newRule(OfRule of, int flags, int handleType) {
        int firstId = lastSetId + 1;
        for (var expression : of.rule().expressions()) {
            if (expression instanceof Lookup lookup && lookup.set() instanceof SetRef.Anonymous anonymous) {
                anonymousSet(anonymous);
            }
        }
        int start = begin(NFT_MSG_NEWRULE, flags);
        buffer.putText(NFTA_RULE_CHAIN, of.chain());
        if (of.handle() != 0) {
            buffer.putLong(handleType, of.handle());
        }
        expressions(of.rule(), firstId);
        Userdata.comment(buffer, NFTA_RULE_USERDATA, of.rule().comment());
        end(start);
    }

    private void expressions(Rule rule, int firstId) {
        int list = buffer.beginNested(NFTA_RULE_EXPRESSIONS);
        int nextId = firstId;
        for (var expression : rule.expressions()) {
            int id = 0;
            if (expression instanceof Lookup lookup) {
                id = switch (lookup.set()) {
                    case SetRef.Anonymous _ -> nextId++;
                    case SetRef.Named named -> setIds.getOrDefault(named.name(), 0);
                };
            }
            expressions.write(expression, id);
        }
        buffer.endNested(list);
    }

    /** The set and its elements must be in the batch before the rule that binds it. */
    private void anonymousSet(SetRef.Anonymous set) {
        int id = ++lastSetId;
        int start = begin(NFT_MSG_NEWSET, ADD);
        sets.write(set, id);
        end(start);
        elements.begin(NFT_MSG_NEWSETELEM, ADD, SetWriter.template(set), id);
        for (var element : set.elements()) {
            elements.add(element);
        }
        elements.end();
    }

    private void deleteRule(int message, OfRule of) {
        int start = begin(message, NLM_F_REQUEST);
        buffer.putText(NFTA_RULE_CHAIN, of.chain());
        buffer.putLong(NFTA_RULE_HANDLE, of.handle());
        end(start);
    }

    private void set(Verb verb, NftSet set) {
        switch (verb) {
            case ADD -> newSet(set, ADD);
            case CREATE -> newSet(set, ADD | NLM_F_EXCL);
            case FLUSH -> named(NFT_MSG_DELSETELEM, NFTA_SET_ELEM_LIST_SET, set.name());
            case DELETE -> named(NFT_MSG_DELSET, NFTA_SET_NAME, set.name());
            case DESTROY -> named(NFT_MSG_DESTROYSET, NFTA_SET_NAME, set.name());
            case INSERT, REPLACE -> throw unsupported(verb, "set");
        }
    }

    private void newSet(NftSet set, int flags) {
        int id = ++lastSetId;
        setIds.put(set.name(), id);
        int start = begin(NFT_MSG_NEWSET, flags);
        sets.write(set, id);
        end(start);
    }

    private void elements(OfElements of) {
        begin(of);
        for (var element : of.elements()) {
            elements.add(element);
        }
        elements.end();
    }

    private void begin(OfElements of) {
        int message =
                switch (of.verb()) {
                    case ADD, CREATE -> NFT_MSG_NEWSETELEM;
                    case DELETE -> NFT_MSG_DELSETELEM;
                    case DESTROY -> NFT_MSG_DESTROYSETELEM;
                    case FLUSH, INSERT, REPLACE -> throw unsupported(of.verb(), "elements");
                };
        int flags =
                switch (of.verb()) {
                    case ADD -> ADD;
                    case CREATE -> ADD | NLM_F_EXCL;
                    default -> NLM_F_REQUEST;
                };
        elements.begin(
                message, flags, of.set().name(), setIds.getOrDefault(of.set().name(), 0));
    }

    /**
     * Begins a list of elements that are given one by one with {@link #element}; every other command ends it.
     *
     * @param command its elements are not read
     */
    public Batch beginElements(OfElements command) {
        commands.add(command);
        begin(command);
        return this;
    }

    public Batch element(Element element) {
        elements.add(element);
        return this;
    }

    public Batch endElements() {
        elements.end();
        return this;
    }

    private void named(int message, int nameType, String name) {
        int start = begin(message, NLM_F_REQUEST);
        buffer.putText(nameType, name);
        end(start);
    }

    /** Begins a message of the command that came last; the table's name is attribute 1 in every message. */
    int begin(int message, int flags) {
        messages++;
        if (messages == starts.length) {
            starts = Arrays.copyOf(starts, 2 * messages);
            causes = Arrays.copyOf(causes, 2 * messages);
        }
        int start = buffer.beginMessage(NfTables.type(message), flags, messages);
        starts[messages] = start;
        causes[messages] = commands.size() - 1;
        buffer.putRaw(table.family().number() << 24);
        buffer.putText(NFTA_TABLE_NAME, table.name());
        return start;
    }

    void end(int start) {
        buffer.endMessage(start);
    }

    /** The command that a message is of; empty for those that begin and end the batch. */
    public Optional<Command> commandOf(int sequence) {
        return hasMessage(sequence) ? Optional.of(commands.get(causes[sequence])) : Optional.empty();
    }

    private boolean hasMessage(int sequence) {
        return sequence > 0 && sequence <= messages;
    }

    /**
     * The element whose attributes are at an offset in a message.
     *
     * @param offset from the beginning of the message
     */
    public Optional<Element> elementAt(int sequence, int offset) {
        if (!hasMessage(sequence) || !(commands.get(causes[sequence]) instanceof OfElements)) {
            return Optional.empty();
        }
        int start = starts[sequence];
        var message = buffer.copy(start, (sequence < messages ? starts[sequence + 1] : buffer.size()) - start);
        return MessageReader.elementAt(message, offset);
    }

    private static IllegalArgumentException unsupported(Verb verb, String object) {
        return new IllegalArgumentException("nothing is known as " + verb + " of a " + object);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
