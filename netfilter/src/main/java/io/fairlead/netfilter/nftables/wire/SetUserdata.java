package io.fairlead.netfilter.nftables.wire;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.RandomNumber;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Typeof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What nft keeps with a set, so that it can print it: byte orders, comment, and what keys are taken from. */
final class SetUserdata {

    // libnftnl, include/libnftnl/udata.h: enum nftnl_udata_set_types
    private static final int KEYBYTEORDER = 0;
    private static final int DATABYTEORDER = 1;
    private static final int MERGE_ELEMENTS = 2;
    private static final int KEY_TYPEOF = 3;
    private static final int DATA_TYPEOF = 4;
    private static final int DATA_INTERVAL = 6;
    private static final int COMMENT = 7;

    // nftables, include/datatype.h: enum byteorder
    private static final int HOST_ENDIAN = 1;
    private static final int BIG_ENDIAN = 2;

    // udata.h: enum nftnl_udata_set_typeof_types
    private static final int TYPEOF_EXPR = 0;
    private static final int TYPEOF_DATA = 1;

    // nftables, include/expression.h: enum expr_types
    private static final int EXPR_PAYLOAD = 7;
    private static final int EXPR_META = 9;
    private static final int EXPR_CONCAT = 13;
    private static final int EXPR_NUMGEN = 23;

    // nftables, include/proto.h: enum proto_desc_id
    private static final int PROTO_DESC_TH = 11;
    private static final int PROTO_DESC_IP = 12;
    private static final int PROTO_DESC_IP6 = 13;

    private SetUserdata() {}

    static byte[] encode(NftSet set) {
        var userdata = new Userdata().put(KEYBYTEORDER, order(set.key()));
        if (set.isMap()) {
            userdata.put(DATABYTEORDER, order(set.value()));
        }
        var typeof = set.typeof();
        typeof(userdata, KEY_TYPEOF, typeof.map(Typeof::key).orElse(List.of()), set.key());
        typeof(userdata, DATA_TYPEOF, typeof.map(Typeof::value).orElse(List.of()), set.value());
        if (set.isMap()) {
            userdata.put(DATA_INTERVAL, 0);
        }
        if (!set.comment().isEmpty()) {
            userdata.put(COMMENT, set.comment());
        }
        return userdata.toBytes();
    }

    static byte[] encode(SetRef.Anonymous set) {
        var userdata = new Userdata().put(KEYBYTEORDER, order(set.key()));
        if (set.isMap()) {
            userdata.put(DATABYTEORDER, order(set.value())).put(DATA_INTERVAL, 0);
        } else if (set.interval()) {
            userdata.put(MERGE_ELEMENTS, 1);
        }
        return userdata.toBytes();
    }

    private static int order(List<DataType> types) {
        if (types.size() > 1 || types.getFirst().equals(DataType.VERDICT)) {
            return 0;
        }
        return types.getFirst().hostOrder() ? HOST_ENDIAN : BIG_ENDIAN;
    }

    /** Without selectors nft only notes that it is a concatenation. */
    private static void typeof(Userdata to, int type, List<Selector> selectors, List<DataType> types) {
        if (types.size() > 1) {
            to.put(type, expression(EXPR_CONCAT, concatenation(selectors)).toBytes());
        } else if (!selectors.isEmpty()) {
            to.put(type, encode(selectors.getFirst()).toBytes());
        }
    }

    private static Userdata concatenation(List<Selector> selectors) {
        var parts = new Userdata();
        for (int i = 0; i < selectors.size(); i++) {
            parts.put(i, encode(selectors.get(i)).toBytes());
        }
        return parts;
    }

    private static Userdata expression(int kind, Userdata data) {
        return new Userdata().put(TYPEOF_EXPR, kind).put(TYPEOF_DATA, data.toBytes());
    }

    private static Userdata encode(Selector selector) {
        return switch (selector) {
            case RandomNumber random ->
                expression(
                        EXPR_NUMGEN,
                        new Userdata().put(0, 1).put(1, random.modulus()).put(2, 0));
            case Field field ->
                switch (field) {
                    case IP_SADDR -> payload(PROTO_DESC_IP, 11);
                    case IP_DADDR -> payload(PROTO_DESC_IP, 12);
                    case IP6_SADDR -> payload(PROTO_DESC_IP6, 8);
                    case IP6_DADDR -> payload(PROTO_DESC_IP6, 9);
                    case TH_SPORT -> payload(PROTO_DESC_TH, 1);
                    case TH_DPORT -> payload(PROTO_DESC_TH, 2);
                    case META_L4PROTO -> meta(16);
                    case META_MARK -> meta(3);
                    case META_IIFNAME -> meta(6);
                    case META_OIFNAME -> meta(7);
                };
        };
    }

    /** @param field the index of the field among those of the header, in nft's table */
    private static Userdata payload(int header, int field) {
        return expression(EXPR_PAYLOAD, new Userdata().put(0, header).put(1, field));
    }

    private static Userdata meta(int key) {
        return expression(EXPR_META, new Userdata().put(0, key));
    }

    /** What could be read of a set's userdata. */
    record Decoded(
            boolean hostOrder, boolean valueHostOrder, List<Selector> key, List<Selector> value, String comment) {

        /** @param valueParts how many parts the value has that can be named */
        Optional<Typeof> typeof(int keyParts, int valueParts) {
            boolean complete = key.size() == keyParts && value.size() == valueParts;
            return complete ? Optional.of(new Typeof(key, value)) : Optional.empty();
        }
    }

    static Decoded decode(byte[] bytes) {
        var userdata = Userdata.read(bytes);
        return new Decoded(
                isHostOrder(userdata, KEYBYTEORDER),
                isHostOrder(userdata, DATABYTEORDER),
                selectors(userdata, KEY_TYPEOF),
                selectors(userdata, DATA_TYPEOF),
                Optional.ofNullable(userdata.get(COMMENT)).map(Userdata::text).orElse(""));
    }

    private static boolean isHostOrder(Map<Integer, byte[]> userdata, int type) {
        return number(userdata, type).filter(order -> order == HOST_ENDIAN).isPresent();
    }

    /** Nothing when one of them is not known. */
    private static List<Selector> selectors(Map<Integer, byte[]> userdata, int type) {
        var expression = nested(userdata, type);
        if (number(expression, TYPEOF_EXPR).filter(kind -> kind == EXPR_CONCAT).isEmpty()) {
            return selector(expression).map(List::of).orElse(List.of());
        }
        var selectors = new ArrayList<Selector>();
        for (var part : nested(expression, TYPEOF_DATA).values()) {
            var selector = selector(Userdata.read(part));
            if (selector.isEmpty()) {
                return List.of();
            }
            selectors.add(selector.get());
        }
        return selectors;
    }

    private static Optional<Selector> selector(Map<Integer, byte[]> expression) {
        var data = nested(expression, TYPEOF_DATA);
        int kind = number(expression, TYPEOF_EXPR).orElse(0);
        int first = number(data, 0).orElse(-1);
        int second = number(data, 1).orElse(-1);
        if (kind == EXPR_NUMGEN) {
            boolean plain = first == 1 && second > 0 && number(data, 2).orElse(0) == 0;
            return plain ? Optional.of(new RandomNumber(second)) : Optional.empty();
        }
        for (var field : Field.values()) {
            var own = Userdata.read(encode(field).toBytes());
            var ownData = nested(own, TYPEOF_DATA);
            if (number(own, TYPEOF_EXPR).orElse(0) == kind
                    && number(ownData, 0).orElse(-1) == first
                    && number(ownData, 1).orElse(-1) == second) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    private static Map<Integer, byte[]> nested(Map<Integer, byte[]> userdata, int type) {
        return Userdata.read(userdata.getOrDefault(type, new byte[0]));
    }

    private static Optional<Integer> number(Map<Integer, byte[]> userdata, int type) {
        var value = userdata.get(type);
        try {
            return value == null ? Optional.empty() : Optional.of(Userdata.number(value));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }
}
