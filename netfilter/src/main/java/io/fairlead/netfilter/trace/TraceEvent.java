package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.netlink.AttributeCursor;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.NetlinkMessage;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.TableId;
import java.util.Arrays;
import java.util.Optional;

/**
 * One thing that the kernel says of a packet that is traced (include/uapi/linux/netfilter/nf_tables.h: enum
 * nft_trace_attributes).
 *
 * @param packet tells packets apart
 * @param handle the kernel's number of the rule; 0 for other kinds
 * @param verdict as nft writes it: {@code accept}, {@code jump KUBE-SERVICES}
 * @param mark the packet's, afterwards
 */
public record TraceEvent(int packet, Kind kind, TableId table, String chain, long handle, String verdict, int mark) {

    /** enum nft_trace_types, by ordinal. */
    public enum Kind {
        UNSPEC,
        POLICY,
        RETURN,
        RULE
    }

    /** NFNL_SUBSYS_NFTABLES and NFT_MSG_TRACE */
    private static final int TYPE = 10 << 8 | 17;

    private static final int GENERIC_HEADER = 4;
    private static final int TABLE = 1;
    private static final int CHAIN = 2;
    private static final int RULE_HANDLE = 3;
    private static final int KIND = 4;
    private static final int VERDICT = 5;
    private static final int ID = 6;
    private static final int MARK = 14;
    private static final int POLICY = 16;

    /** Empty for a message of another type, or from a table of a family that is not known. */
    static Optional<TraceEvent> read(NetlinkMessage message) throws MalformedMessageException {
        var payload = message.payload();
        if (message.type() != TYPE || payload.length < GENERIC_HEADER) {
            return Optional.empty();
        }
        int packet = 0;
        int kind = 0;
        int mark = 0;
        long handle = 0;
        var table = "";
        var chain = "";
        var verdict = "";
        var at = AttributeCursor.over(payload, GENERIC_HEADER);
        while (at.next()) {
            switch (at.type()) {
                case TABLE -> table = at.text();
                case CHAIN -> chain = at.text();
                case RULE_HANDLE -> handle = at.longNumber();
                case KIND -> kind = at.number();
                case VERDICT -> verdict = verdict(at.nested());
                case ID -> packet = at.number();
                case MARK -> mark = at.number();
                case POLICY -> verdict = code(at.number());
                default -> {}
            }
        }
        var kinds = Kind.values();
        var name = table;
        var event = new TraceEvent(
                packet,
                kind > 0 && kind < kinds.length ? kinds[kind] : Kind.UNSPEC,
                new TableId(Family.INET, name),
                chain,
                handle,
                verdict,
                mark);
        return Arrays.stream(Family.values())
                .filter(family -> family.number() == payload[0])
                .findFirst()
                .map(family -> event.in(new TableId(family, name)));
    }

    private TraceEvent in(TableId actual) {
        return new TraceEvent(packet, kind, actual, chain, handle, verdict, mark);
    }

    /** NFTA_VERDICT_CODE and NFTA_VERDICT_CHAIN */
    private static String verdict(AttributeCursor inside) throws MalformedMessageException {
        var code = "";
        var chain = "";
        while (inside.next()) {
            if (inside.type() == 1) {
                code = code(inside.number());
            } else if (inside.type() == 2) {
                chain = inside.text();
            }
        }
        return chain.isEmpty() ? code : code + " " + chain;
    }

    /** linux/netfilter.h: NF_DROP and so on; enum nft_verdicts. */
    private static String code(int code) {
        return switch (code) {
            case 0 -> "drop";
            case 1 -> "accept";
            case 2 -> "stolen";
            case 3 -> "queue";
            case -1 -> "continue";
            case -2 -> "break";
            case -3 -> "jump";
            case -4 -> "goto";
            case -5 -> "return";
            default -> "verdict " + code;
        };
    }
}
