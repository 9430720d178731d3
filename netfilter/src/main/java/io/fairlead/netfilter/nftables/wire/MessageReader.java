package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.AttributeCursor;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.MessageBuffer;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what the kernel says of nftables' objects: answers and notifications. */
public final class MessageReader {

    /** struct nfgenmsg: family, version, and a number that is not needed here. */
    private static final int NFGENMSG = 4;

    private MessageReader() {}

    /**
     * Reads a message.
     *
     * @param type nlmsg_type
     * @param payload what follows the netlink header
     * @return empty when it is about something that is not known here, such as a flowtable
     * @throws MalformedMessageException when it is not what it says it is
     */
    public static Optional<Message> read(int type, byte[] payload) throws MalformedMessageException {
        if (type >>> 8 != NFNL_SUBSYS_NFTABLES) {
            return Optional.empty();
        }
        if (payload.length < NFGENMSG) {
            throw new MalformedMessageException("nftables message of " + payload.length + " bytes");
        }
        int message = type & 0xff;
        if (message == NFT_MSG_NEWGEN) {
            return Optional.of(generation(fields("generation", payload)));
        }
        var family = family(payload);
        return family.isPresent() ? read(message, family.get(), payload) : Optional.empty();
    }

    private static Fields fields(String what, byte[] payload) throws MalformedMessageException {
        return Fields.read(what, AttributeCursor.over(payload, NFGENMSG));
    }

    private static Optional<Family> family(byte[] payload) {
        return Arrays.stream(Family.values())
                .filter(family -> family.number() == payload[0])
                .findFirst();
    }

    /** Whether an object is of this table; its name is attribute 1 of every object. */
    public static boolean isOfTable(byte[] payload, TableId table) throws MalformedMessageException {
        if (payload.length < NFGENMSG || payload[0] != table.family().number()) {
            return false;
        }
        return fields("object", payload).text(NFTA_TABLE_NAME, "").equals(table.name());
    }

    /** The element whose attributes are at an offset in a message of elements that has its netlink header. */
    static Optional<Element> elementAt(byte[] message, int offset) {
        try {
            var cursor = AttributeCursor.over(message, MessageBuffer.HEADER + NFGENMSG);
            while (cursor.next()) {
                if (cursor.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                    var list = cursor.nested();
                    while (list.next()) {
                        if (offset < list.offset() + list.length()) {
                            return Optional.of(SetReader.element(Fields.read("element", list.nested())));
                        }
                    }
                }
            }
            return Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    private static Optional<Message> read(int message, Family family, byte[] payload) throws MalformedMessageException {
        return switch (message) {
            case NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE -> {
                var in = fields("table", payload);
                var id = new TableId(family, in.text(NFTA_TABLE_NAME));
                boolean dormant = (in.number(NFTA_TABLE_FLAGS, 0) & NFT_TABLE_F_DORMANT) != 0;
                var table = new Table(id, dormant, in.comment(NFTA_TABLE_USERDATA));
                yield Optional.of(new Message.OfTable(message == NFT_MSG_DELTABLE, table));
            }
            case NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN -> {
                var in = fields("chain", payload);
                var table = new TableId(family, in.text(NFTA_CHAIN_TABLE));
                yield Optional.of(new Message.OfChain(message == NFT_MSG_DELCHAIN, table, chain(in)));
            }
            case NFT_MSG_NEWRULE, NFT_MSG_DELRULE -> {
                var in = fields("rule", payload);
                yield Optional.of(new Message.OfRule(
                        message == NFT_MSG_DELRULE,
                        new TableId(family, in.text(NFTA_RULE_TABLE)),
                        in.text(NFTA_RULE_CHAIN),
                        in.longNumber(NFTA_RULE_HANDLE, 0),
                        new Rule(expressions(in), in.comment(NFTA_RULE_USERDATA))));
            }
            case NFT_MSG_NEWSET, NFT_MSG_DELSET -> {
                var in = fields("set", payload);
                var table = new TableId(family, in.text(NFTA_SET_TABLE));
                boolean deleted = message == NFT_MSG_DELSET;
                yield Optional.of(
                        new Message.OfSet(deleted, table, SetReader.isAnonymous(in), SetReader.read(in, deleted)));
            }
            case NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM -> {
                var in = fields("elements", payload);
                yield Optional.of(new Message.OfElements(
                        message == NFT_MSG_DELSETELEM,
                        new TableId(family, in.text(NFTA_SET_ELEM_LIST_TABLE)),
                        in.text(NFTA_SET_ELEM_LIST_SET),
                        SetReader.elements(in)));
            }
            default -> Optional.empty();
        };
    }

    private static Message.OfGeneration generation(Fields in) throws MalformedMessageException {
        return new Message.OfGeneration(
                in.number(NFTA_GEN_ID), in.number(NFTA_GEN_PROC_PID, 0), in.text(NFTA_GEN_PROC_NAME, ""));
    }

    private static Chain chain(Fields in) throws MalformedMessageException {
        var hook = in.nested(NFTA_CHAIN_HOOK);
        return new Chain(
                in.text(NFTA_CHAIN_NAME),
                hook.isPresent() ? Optional.of(hook(in, hook.get())) : Optional.empty(),
                in.comment(NFTA_CHAIN_USERDATA));
    }

    private static Hook hook(Fields chain, Fields hook) throws MalformedMessageException {
        var typeName = chain.text(NFTA_CHAIN_TYPE, "");
        int pointNumber = hook.number(NFTA_HOOK_HOOKNUM);
        int policyNumber = chain.number(NFTA_CHAIN_POLICY, Hook.Policy.ACCEPT.number());
        var type = Arrays.stream(Hook.Type.values())
                .filter(known -> known.toString().equals(typeName))
                .findFirst()
                .orElseThrow(() -> chain.malformed("there is no type of chain \"" + typeName + "\""));
        var point = Arrays.stream(Hook.Point.values())
                .filter(known -> known.number() == pointNumber)
                .findFirst()
                .orElseThrow(() -> chain.malformed("there is no hook " + pointNumber));
        return new Hook(
                type,
                point,
                hook.number(NFTA_HOOK_PRIORITY),
                policyNumber == Hook.Policy.DROP.number() ? Hook.Policy.DROP : Hook.Policy.ACCEPT);
    }

    private static List<Expression> expressions(Fields in) throws MalformedMessageException {
        var expressions = new ArrayList<Expression>();
        var list = in.list(NFTA_RULE_EXPRESSIONS);
        while (list.next()) {
            expressions.add(ExpressionReader.read(Fields.read("expression", list.nested())));
        }
        return expressions;
    }
}
