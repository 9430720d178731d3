package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Reads sets and elements. */
final class SetReader {

    /** No set of the kernel's has longer keys or values; what a message says must not be believed. */
    private static final int MAX_LENGTH = Data.MAX_LENGTH;

    private SetReader() {}

    /** @param deleted of a set that is gone, newer kernels say only the name */
    static NftSet read(Fields in, boolean deleted) throws MalformedMessageException {
        if (deleted && !in.has(NFTA_SET_KEY_LEN)) {
            return NftSet.set(in.text(NFTA_SET_NAME));
        }
        int bits = in.number(NFTA_SET_FLAGS, 0);
        if ((bits & NFT_SET_OBJECT) != 0) {
            throw in.malformed("maps to objects, such as counters, are not known here");
        }
        var userdata = SetUserdata.decode(in.has(NFTA_SET_USERDATA) ? in.bytes(NFTA_SET_USERDATA) : new byte[0]);
        var key = types(in, NFTA_SET_KEY_TYPE, NFTA_SET_KEY_LEN, userdata.hostOrder(), userdata.key());
        boolean isMap = (bits & NFT_SET_MAP) != 0;
        List<DataType> value = isMap
                ? types(in, NFTA_SET_DATA_TYPE, NFTA_SET_DATA_LEN, userdata.valueHostOrder(), userdata.value())
                : List.of();
        boolean named = isMap && !value.equals(List.of(DataType.VERDICT));
        var flags = EnumSet.noneOf(NftSet.Flag.class);
        for (var flag : NftSet.Flag.values()) {
            if ((bits & flag.bit()) != 0) {
                flags.add(flag);
            }
        }
        return new NftSet(
                in.text(NFTA_SET_NAME),
                key,
                value,
                flags,
                in.longNumber(NFTA_SET_TIMEOUT, 0),
                size(in),
                userdata.comment(),
                userdata.typeof(key.size(), named ? value.size() : 0));
    }

    static boolean isAnonymous(Fields in) throws MalformedMessageException {
        return (in.number(NFTA_SET_FLAGS, 0) & NFT_SET_ANONYMOUS) != 0;
    }

    private static int size(Fields in) throws MalformedMessageException {
        var description = in.nested(NFTA_SET_DESC);
        return description.isPresent() ? description.get().number(NFTA_SET_DESC_SIZE, 0) : 0;
    }

    private static List<DataType> types(
            Fields in, int idType, int lengthType, boolean hostOrder, List<Selector> selectors)
            throws MalformedMessageException {
        int id = in.number(idType, 0);
        if (id == DataType.VERDICT.id()) {
            return List.of(DataType.VERDICT);
        }
        int length = in.number(lengthType);
        if (length < 0 || length > MAX_LENGTH) {
            throw in.malformed("a key or value of " + length + " bytes");
        }
        if (!selectors.isEmpty()) {
            var types = selectors.stream().map(Selector::type).toList();
            if (DataType.concatenatedLength(types) == length && DataType.concatenatedId(types) == id) {
                return types;
            }
        }
        return DataType.split(id, length, hostOrder);
    }

    static Element element(Fields in) throws MalformedMessageException {
        int flags = in.number(NFTA_SET_ELEM_FLAGS, 0);
        boolean catchAll = (flags & NFT_SET_ELEM_CATCHALL) != 0;
        return new Element(
                catchAll ? Data.of() : in.data(NFTA_SET_ELEM_KEY),
                in.has(NFTA_SET_ELEM_KEY_END) ? Optional.of(in.data(NFTA_SET_ELEM_KEY_END)) : Optional.empty(),
                in.has(NFTA_SET_ELEM_DATA) ? Optional.<Value>of(in.value(NFTA_SET_ELEM_DATA)) : Optional.empty(),
                (flags & NFT_SET_ELEM_INTERVAL_END) != 0,
                in.longNumber(NFTA_SET_ELEM_TIMEOUT, 0),
                in.longNumber(NFTA_SET_ELEM_EXPIRATION, 0),
                in.comment(NFTA_SET_ELEM_USERDATA));
    }

    static List<Element> elements(Fields in) throws MalformedMessageException {
        var elements = new ArrayList<Element>();
        var list = in.list(NFTA_SET_ELEM_LIST_ELEMENTS);
        while (list.next()) {
            elements.add(element(Fields.read("element", list.nested())));
        }
        return elements;
    }
}
