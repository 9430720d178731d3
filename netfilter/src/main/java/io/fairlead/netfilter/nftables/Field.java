package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Payload.Base;

/** A field of a header, or something else that is known about a packet. */
public enum Field implements Selector {
    IP_SADDR("ip saddr", DataType.IPV4_ADDR, Base.NETWORK, 12),
    IP_DADDR("ip daddr", DataType.IPV4_ADDR, Base.NETWORK, 16),
    IP6_SADDR("ip6 saddr", DataType.IPV6_ADDR, Base.NETWORK, 8),
    IP6_DADDR("ip6 daddr", DataType.IPV6_ADDR, Base.NETWORK, 24),
    /** The port of TCP, UDP, SCTP or DCCP; two meaningless bytes with other protocols. */
    TH_SPORT("th sport", DataType.INET_SERVICE, Base.TRANSPORT, 0),
    TH_DPORT("th dport", DataType.INET_SERVICE, Base.TRANSPORT, 2),
    META_L4PROTO("meta l4proto", DataType.INET_PROTO, Meta.Key.L4PROTO),
    META_MARK("meta mark", DataType.MARK, Meta.Key.MARK),
    META_IIFNAME("iifname", DataType.IFNAME, Meta.Key.IIFNAME),
    META_OIFNAME("oifname", DataType.IFNAME, Meta.Key.OIFNAME);

    private final String text;

    // A record of constants is immutable; the checker wants an annotation from Error Prone.
    @SuppressWarnings("ImmutableEnumChecker")
    private final DataType type;

    @SuppressWarnings("ImmutableEnumChecker") // as above
    private final Expression prototype;

    Field(String text, DataType type, Base base, int offset) {
        this.text = text;
        this.type = type;
        this.prototype = new Payload(base, offset, type.length(), Register.R1);
    }

    Field(String text, DataType type, Meta.Key key) {
        this.text = text;
        this.type = type;
        this.prototype = new Meta(key, Register.R1);
    }

    public static Field saddr(IpFamily family) {
        return family == IpFamily.IPV4 ? IP_SADDR : IP6_SADDR;
    }

    public static Field daddr(IpFamily family) {
        return family == IpFamily.IPV4 ? IP_DADDR : IP6_DADDR;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public Expression load(Register dreg) {
        return prototype instanceof Payload payload
                ? new Payload(payload.base(), payload.offset(), payload.length(), dreg)
                : new Meta(((Meta) prototype).key(), dreg);
    }
}
