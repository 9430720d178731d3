package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.MessageBuffer;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.SetRef;
import java.util.List;

/** Writes the attributes of sets, in nft's order. */
final class SetWriter {

    private final MessageBuffer to;

    SetWriter(MessageBuffer to) {
        this.to = to;
    }

    /** The name that the kernel replaces with one of its own. */
    static String template(SetRef.Anonymous set) {
        return set.isMap() ? "__map%d" : "__set%d";
    }

    void write(NftSet set, int id) {
        to.putText(NFTA_SET_NAME, set.name());
        int flags = set.isMap() ? NFT_SET_MAP : 0;
        for (var flag : set.flags()) {
            flags |= flag.bit();
        }
        if (set.isConcatenatedRange()) {
            flags |= NFT_SET_CONCAT;
        }
        to.putInt(NFTA_SET_FLAGS, flags);
        types(set.key(), set.value());
        to.putInt(NFTA_SET_ID, id);
        description(set.size(), set.isConcatenatedRange() ? set.key() : List.of());
        if (set.timeoutMillis() != 0) {
            to.putLong(NFTA_SET_TIMEOUT, set.timeoutMillis());
        }
        to.put(NFTA_SET_USERDATA, SetUserdata.encode(set));
    }

    void write(SetRef.Anonymous set, int id) {
        to.putText(NFTA_SET_NAME, template(set));
        boolean ranges = set.interval() && set.key().size() > 1;
        int flags = NFT_SET_ANONYMOUS
                | NFT_SET_CONSTANT
                | (set.isMap() ? NFT_SET_MAP : 0)
                | (set.interval() ? NFT_SET_INTERVAL : 0)
                | (ranges ? NFT_SET_CONCAT : 0);
        to.putInt(NFTA_SET_FLAGS, flags);
        types(set.key(), set.value());
        to.putInt(NFTA_SET_ID, id);
        description(set.elements().size(), ranges ? set.key() : List.of());
        to.put(NFTA_SET_USERDATA, SetUserdata.encode(set));
    }

    private void types(List<DataType> key, List<DataType> value) {
        to.putInt(NFTA_SET_KEY_TYPE, DataType.concatenatedId(key));
        to.putInt(NFTA_SET_KEY_LEN, DataType.concatenatedLength(key));
        if (!value.isEmpty()) {
            to.putInt(NFTA_SET_DATA_TYPE, DataType.concatenatedId(value));
            to.putInt(NFTA_SET_DATA_LEN, DataType.concatenatedLength(value));
        }
    }

    /** @param fields of a concatenated range: the kernel has to know where each ends */
    private void description(int size, List<DataType> fields) {
        if (size == 0 && fields.isEmpty()) {
            return;
        }
        int description = to.beginNested(NFTA_SET_DESC);
        if (size != 0) {
            to.putInt(NFTA_SET_DESC_SIZE, size);
        }
        if (!fields.isEmpty()) {
            int concat = to.beginNested(NFTA_SET_DESC_CONCAT);
            for (var field : fields) {
                int element = to.beginNested(NFTA_LIST_ELEM);
                to.putInt(NFTA_SET_FIELD_LEN, field.length());
                to.endNested(element);
            }
            to.endNested(concat);
        }
        to.endNested(description);
    }
}
