package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.AttributeWriter;
import io.fairlead.netfilter.netlink.Attributes;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.TableId;

/**
 * A question to the kernel.
 *
 * @param type nlmsg_type of the question
 * @param answerType nlmsg_type of the answers
 * @param payload what follows the netlink header
 */
public record Query(
        int type,
        int answerType,
        @SuppressWarnings("ArrayRecordComponent") byte[] payload) {

    public static Query generation() {
        return of(NFT_MSG_GETGEN, NFT_MSG_NEWGEN, new AttributeWriter().raw((byte) 0, (byte) 0, (byte) 0, (byte) 0));
    }

    /** One table; not a dump. */
    public static Query table(TableId table) {
        return of(NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE, in(table));
    }

    /** All tables of all families. */
    public static Query tables() {
        return of(
                NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE, new AttributeWriter().raw((byte) 0, (byte) 0, (byte) 0, (byte) 0));
    }

    /** Of all tables of the family: the kernel has no other. */
    public static Query chains(TableId table) {
        return of(NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, in(table));
    }

    public static Query sets(TableId table) {
        return of(NFT_MSG_GETSET, NFT_MSG_NEWSET, in(table));
    }

    public static Query rules(TableId table) {
        return of(NFT_MSG_GETRULE, NFT_MSG_NEWRULE, in(table));
    }

    public static Query elements(TableId table, String set) {
        return of(NFT_MSG_GETSETELEM, NFT_MSG_NEWSETELEM, in(table).put(NFTA_SET_ELEM_LIST_SET, Attributes.text(set)));
    }

    /** One element by its key, which is a single value; not a dump. */
    public static Query element(TableId table, String set, Data key) {
        return of(
                NFT_MSG_GETSETELEM,
                NFT_MSG_NEWSETELEM,
                in(table)
                        .put(NFTA_SET_ELEM_LIST_SET, Attributes.text(set))
                        .nest(
                                NFTA_SET_ELEM_LIST_ELEMENTS,
                                list -> list.nest(
                                        NFTA_LIST_ELEM,
                                        element -> element.nest(
                                                NFTA_SET_ELEM_KEY,
                                                value -> value.put(NFTA_DATA_VALUE, key.toBytes())))));
    }

    private static Query of(int question, int answer, AttributeWriter payload) {
        return new Query(NfTables.type(question), NfTables.type(answer), payload.toBytes());
    }

    /** The table is attribute 1 of every object. */
    private static AttributeWriter in(TableId table) {
        return new AttributeWriter()
                .raw((byte) table.family().number(), (byte) 0, (byte) 0, (byte) 0)
                .put(NFTA_TABLE_NAME, Attributes.text(table.name()));
    }
}
