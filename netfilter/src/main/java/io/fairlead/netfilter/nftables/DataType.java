package io.fairlead.netfilter.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a key or a value is, in nft's eyes: the kernel stores the number and sees only bytes.
 *
 * @param id nft's number, enum datatypes (nftables, include/datatype.h): part of NFTA_SET_KEY_TYPE
 * @param name as nft writes it; empty for a type that is not known here
 * @param length in bytes; 0 for verdicts
 * @param hostOrder whether its bytes are a number in the host's byte order
 */
public record DataType(int id, String name, int length, boolean hostOrder) {

    /** Not a type of nft's: NFTA_SET_DATA_TYPE of a verdict map, NFT_DATA_VERDICT. */
    public static final DataType VERDICT = new DataType(0xffff_ff00, "verdict", 0, false);

    public static final DataType IPV4_ADDR = new DataType(7, "ipv4_addr", 4, false);
    public static final DataType IPV6_ADDR = new DataType(8, "ipv6_addr", 16, false);
    public static final DataType ETHER_ADDR = new DataType(9, "ether_addr", 6, false);
    public static final DataType INET_PROTO = new DataType(12, "inet_proto", 1, false);
    public static final DataType INET_SERVICE = new DataType(13, "inet_service", 2, false);
    public static final DataType MARK = new DataType(19, "mark", 4, true);
    public static final DataType IFNAME = new DataType(41, "ifname", 16, true);

    private static final List<DataType> KNOWN =
            List.of(VERDICT, IPV4_ADDR, IPV6_ADDR, ETHER_ADDR, INET_PROTO, INET_SERVICE, MARK, IFNAME);

    /** enum datatypes: TYPE_INTEGER */
    private static final int INTEGER = 4;

    /** include/datatype.h: TYPE_BITS, how far a concatenation shifts */
    static final int BITS = 6;

    /**
     * A plain number. nft accepts it only where {@link Typeof} says what the number is of.
     *
     * @param length in bytes
     */
    public static DataType integer(int length, boolean hostOrder) {
        return new DataType(INTEGER, "integer", length, hostOrder);
    }

    private static Optional<DataType> byId(int id) {
        return KNOWN.stream().filter(type -> type.id == id).findFirst();
    }

    /**
     * The types that a number stands for.
     *
     * @param concatenatedId as {@link #concatenatedId} makes it
     * @param length bytes of all together, as {@link #concatenatedLength} counts them; it decides on the length of a type
     *     that has none of its own, if there is only one
     * @param hostOrder the byte order of a single number
     * @return one type without a name when the number and the length do not fit together
     */
    public static List<DataType> split(int concatenatedId, int length, boolean hostOrder) {
        var types = new ArrayList<DataType>();
        int rest = length;
        for (int id = concatenatedId; id != 0; id >>>= BITS) {
            var type = byId(id & (1 << BITS) - 1).orElse(new DataType(id & (1 << BITS) - 1, "", 0, hostOrder));
            types.addFirst(type.id == INTEGER ? new DataType(INTEGER, "integer", 0, hostOrder) : type);
            rest -= concatenatedId >>> BITS == 0 ? type.length : type.length + 3 & ~3;
        }
        int remaining = rest;
        types.replaceAll(type ->
                type.length == 0 ? new DataType(type.id, type.name, Math.max(0, remaining), type.hostOrder) : type);
        return !types.isEmpty() && concatenatedLength(types) == length
                ? List.copyOf(types)
                : List.of(new DataType(concatenatedId, "", length, hostOrder));
    }

    /** The number of a concatenation: the first type in the highest bits. */
    public static int concatenatedId(List<DataType> types) {
        int id = 0;
        for (var type : types) {
            id = id << BITS | type.id;
        }
        return id;
    }

    /** Bytes of a concatenation, every part but a single one padded to four. */
    public static int concatenatedLength(List<DataType> types) {
        if (types.size() == 1) {
            return types.getFirst().length;
        }
        int length = 0;
        for (var type : types) {
            length += type.length + 3 & ~3;
        }
        return length;
    }
}
