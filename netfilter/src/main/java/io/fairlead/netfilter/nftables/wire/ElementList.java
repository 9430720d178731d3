package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.MessageBuffer;
import io.fairlead.netfilter.nftables.Element;

/** Writes elements of one set as a list, and goes on in another message when the list is as long as an attribute can be. */
final class ElementList {

    private final Batch batch;
    private int message;
    private int flags;
    private String set = "";
    private int id;
    private int messageStart;
    private int listStart;
    private boolean open;

    ElementList(Batch batch) {
        this.batch = batch;
    }

    /** @param setId NFTA_SET_ID when the set is made in the same batch, else 0 */
    void begin(int messageType, int messageFlags, String setName, int setId) {
        message = messageType;
        flags = messageFlags;
        set = setName;
        id = setId;
        open = false;
    }

    void add(Element element) {
        if (!open) {
            openList();
        }
        var buffer = batch.buffer();
        int before = buffer.size();
        write(buffer, element);
        if (buffer.size() - listStart > MessageBuffer.MAX_ATTRIBUTE) {
            buffer.truncate(before);
            end();
            openList();
            write(buffer, element);
        }
    }

    private void openList() {
        var buffer = batch.buffer();
        messageStart = batch.begin(message, flags);
        buffer.putText(NFTA_SET_ELEM_LIST_SET, set);
        if (id != 0) {
            buffer.putInt(NFTA_SET_ELEM_LIST_SET_ID, id);
        }
        listStart = buffer.beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
        open = true;
    }

    /** A list without elements is no message at all: without a list the kernel would take all elements out. */
    void end() {
        if (open) {
            batch.buffer().endNested(listStart);
            batch.end(messageStart);
            open = false;
        }
    }

    private static void write(MessageBuffer to, Element element) {
        int entry = to.beginNested(NFTA_LIST_ELEM);
        int elementFlags = element.intervalEnd() ? NFT_SET_ELEM_INTERVAL_END : 0;
        if (element.isCatchAll()) {
            elementFlags |= NFT_SET_ELEM_CATCHALL;
        }
        if (elementFlags != 0) {
            to.putInt(NFTA_SET_ELEM_FLAGS, elementFlags);
        }
        if (element.timeoutMillis() != 0) {
            to.putLong(NFTA_SET_ELEM_TIMEOUT, element.timeoutMillis());
        }
        if (element.expiresMillis() != 0) {
            to.putLong(NFTA_SET_ELEM_EXPIRATION, element.expiresMillis());
        }
        if (!element.isCatchAll()) {
            ExpressionWriter.value(to, NFTA_SET_ELEM_KEY, element.key());
        }
        var keyEnd = element.keyEnd();
        if (keyEnd.isPresent()) {
            ExpressionWriter.value(to, NFTA_SET_ELEM_KEY_END, keyEnd.get());
        }
        var value = element.value();
        if (value.isPresent()) {
            ExpressionWriter.value(to, NFTA_SET_ELEM_DATA, value.get());
        }
        Userdata.comment(to, NFTA_SET_ELEM_USERDATA, element.comment());
        to.endNested(entry);
    }
}
