package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Meta;
import io.fairlead.netfilter.nftables.Payload;
import java.util.Arrays;

/** Expressions that put something about the packet into a register. Each says whether the rule goes on. */
final class NftLoads {

    /** The index of lo in every network namespace. */
    private static final int LOOPBACK_INDEX = 1;

    /** An index that no interface has. */
    private static final int NO_INDEX = -1;

    private NftLoads() {}

    static boolean payload(Payload payload, Walk walk, Registers registers) {
        var header = Headers.of(payload.base(), walk.packet);
        int end = payload.offset() + payload.length();
        if (header.isEmpty() || end > header.get().length) {
            return false;
        }
        registers.put(payload.dreg(), Arrays.copyOfRange(header.get(), payload.offset(), end));
        return true;
    }

    static void meta(Meta meta, Walk walk, Registers registers) {
        var to = meta.dreg();
        switch (meta.key()) {
            case LEN -> registers.forget(to, 4, "its length is");
            case PROTOCOL -> registers.put(to, Data.ofShort(isV4(walk) ? 0x0800 : 0x86dd));
            case MARK -> registers.put(to, Data.ofHostInt(walk.packet.mark()));
            case IIF -> index(meta, walk.in, "the index of the interface it comes in through is", registers);
            case OIF -> index(meta, walk.out, "the index of the interface it goes out through is", registers);
            case IIFNAME -> name(meta, walk.in, "it comes in through", registers);
            case OIFNAME -> name(meta, walk.out, "it goes out through", registers);
            case NFPROTO -> registers.put(to, Data.ofByte((isV4(walk) ? Family.IP : Family.IP6).number()));
            case L4PROTO -> registers.put(to, Data.ofByte(Headers.protocol(walk.packet.protocol())));
            case PKTTYPE -> registers.put(to, Data.ofByte(0));
        }
    }

    private static boolean isV4(Walk walk) {
        return walk.packet.family() == IpFamily.IPV4;
    }

    private static void name(Meta meta, Device device, String what, Registers registers) {
        if (device.known()) {
            registers.put(meta.dreg(), Data.ofText(device.name(), meta.key().length()));
        } else {
            registers.forget(meta.dreg(), meta.key().length(), what);
        }
    }

    /** Only that of lo is known everywhere. */
    private static void index(Meta meta, Device device, String what, Registers registers) {
        if (device.equals(Device.LOOPBACK)) {
            registers.put(meta.dreg(), Data.ofHostInt(LOOPBACK_INDEX));
        } else if (device.equals(Device.NONE)) {
            registers.put(meta.dreg(), Data.ofHostInt(NO_INDEX));
        } else {
            registers.forget(meta.dreg(), Integer.BYTES, what);
        }
    }

    /** Before connection tracking has seen the packet only its state can be asked for. */
    static boolean connection(Ct ct, Walk walk, Registers registers) {
        var state = walk.state();
        boolean none = state == ConnectionState.UNTRACKED || state == ConnectionState.INVALID;
        if (none && ct.key() != Ct.Key.STATE) {
            return false;
        }
        boolean first = state == ConnectionState.NEW;
        switch (ct.key()) {
            case STATE -> registers.put(ct.dreg(), Data.ofHostInt(bit(state)));
            case DIRECTION -> registers.put(ct.dreg(), Data.ofByte(first ? 0 : 1));
            case STATUS -> registers.put(ct.dreg(), Data.ofHostInt(status(walk)));
            case MARK -> registers.put(ct.dreg(), Data.ofHostInt(walk.connectionMark));
        }
        return true;
    }

    private static int bit(ConnectionState state) {
        return switch (state) {
            case NEW -> Ct.STATE_NEW;
            case ESTABLISHED -> Ct.STATE_ESTABLISHED;
            case RELATED -> Ct.STATE_RELATED;
            case INVALID -> Ct.STATE_INVALID;
            case UNTRACKED -> Ct.STATE_UNTRACKED;
        };
    }

    private static int status(Walk walk) {
        int bits = walk.translatedTo.isPresent() ? Ct.STATUS_DNAT : 0;
        return walk.newSource instanceof Outcome.NewSource.Kept ? bits : bits | Ct.STATUS_SNAT;
    }

    /** What the routing table is asked about an interface is not known; that there is a route is taken for granted. */
    static void route(Fib fib, Walk walk, Host host, Registers registers) {
        var source = walk.packet.source().address();
        var asked = (fib.flags() & Fib.SADDR) != 0
                ? source
                : walk.packet.destination().address();
        switch (fib.result()) {
            case ADDRTYPE -> registers.put(fib.dreg(), Data.ofHostInt(type(asked, host)));
            case OIF ->
                registers.put(fib.dreg(), Data.ofHostInt(host.isLocal(asked) ? LOOPBACK_INDEX : LOOPBACK_INDEX + 1));
            case OIFNAME -> registers.forget(fib.dreg(), 16, "the way to " + asked + " is");
        }
    }

    /** include/uapi/linux/rtnetlink.h: RTN_* */
    private static int type(IpAddress address, Host host) {
        return switch (AddressKind.of(address, host)) {
            case UNSPEC -> 0;
            case UNICAST -> 1;
            case LOCAL -> Fib.LOCAL;
            case BROADCAST -> 3;
            case MULTICAST -> 5;
        };
    }
}
