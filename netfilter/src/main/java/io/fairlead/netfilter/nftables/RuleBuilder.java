package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rules by phrases, as nft would write them, for packets of one IP family:
 *
 * {@snippet :
 * var rule = RuleBuilder.of(IpFamily.IPV4)
 *         .when(Field.IP_DADDR, SetRef.named("cluster-ips"))
 *         .unlessSaddr(IpPrefix.parse("10.244.0.0/16"))
 *         .setMarkOr(0x4000)
 *         .comment("masquerade what comes from outside");
 * }
 *
 * <p>Each phrase begins at the first register again and gives the expressions that nft gives.
 */
public final class RuleBuilder {

    private final IpFamily family;
    private final List<Expression> expressions = new ArrayList<>();

    private RuleBuilder(IpFamily family) {
        this.family = family;
    }

    public static RuleBuilder of(IpFamily family) {
        return new RuleBuilder(family);
    }

    public RuleBuilder then(Expression expression) {
        expressions.add(expression);
        return this;
    }

    public Rule build() {
        return new Rule(expressions, "");
    }

    /** Ends the rule with a comment. */
    public Rule comment(String text) {
        return new Rule(expressions, text);
    }

    // Conditions

    /** {@code ct state new}: any of these bits, {@link Ct#STATE_NEW} and so on. */
    public RuleBuilder whenCtState(int bits) {
        return then(new Ct(Ct.Key.STATE, Register.R1)).anyBit(bits);
    }

    /** {@code ct status dnat}: any of these bits, {@link Ct#STATUS_DNAT} and so on. */
    public RuleBuilder whenCtStatus(int bits) {
        return then(new Ct(Ct.Key.STATUS, Register.R1)).anyBit(bits);
    }

    /** {@code meta mark & bits != 0} */
    public RuleBuilder whenMark(int bits) {
        return then(Field.META_MARK.load(Register.R1)).anyBit(bits);
    }

    private RuleBuilder anyBit(int bits) {
        return then(bitwise(bits, 0)).then(new Cmp(Cmp.Op.NEQ, Register.R1, Data.ofHostInt(0)));
    }

    /** {@code ip saddr 10.0.0.0/8} */
    public RuleBuilder whenSaddr(IpPrefix prefix) {
        return prefix(Field.saddr(family), Cmp.Op.EQ, prefix);
    }

    /** {@code ip saddr != 10.0.0.0/8} */
    public RuleBuilder unlessSaddr(IpPrefix prefix) {
        return prefix(Field.saddr(family), Cmp.Op.NEQ, prefix);
    }

    /** {@code ip daddr 10.0.0.0/8} */
    public RuleBuilder whenDaddr(IpPrefix prefix) {
        return prefix(Field.daddr(family), Cmp.Op.EQ, prefix);
    }

    /** {@code ip daddr != 10.0.0.0/8} */
    public RuleBuilder unlessDaddr(IpPrefix prefix) {
        return prefix(Field.daddr(family), Cmp.Op.NEQ, prefix);
    }

    /** Whole bytes are compared as they are; nft does so, too. */
    private RuleBuilder prefix(Field field, Cmp.Op op, IpPrefix prefix) {
        var address = Data.of(prefix.address());
        var load = (Payload) field.load(Register.R1);
        if (prefix.length() % 8 == 0 && prefix.length() > 0) {
            int bytes = prefix.length() / 8;
            return then(new Payload(load.base(), load.offset(), bytes, Register.R1))
                    .then(new Cmp(op, Register.R1, address.slice(0, bytes)));
        }
        return then(load)
                .then(new Bitwise(Register.R1, Register.R1, mask(prefix), zeros(address.length())))
                .then(new Cmp(op, Register.R1, address));
    }

    private static Data mask(IpPrefix prefix) {
        var mask = new byte[prefix.family().bits() / 8];
        for (int bit = 0; bit < prefix.length(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >>> bit % 8);
        }
        return Data.of(mask);
    }

    private static Data zeros(int length) {
        return Data.of(new byte[length]);
    }

    /** {@code meta l4proto tcp}, by IANA's number. */
    public RuleBuilder whenProtocol(int protocol) {
        return then(Field.META_L4PROTO.load(Register.R1)).then(new Cmp(Cmp.Op.EQ, Register.R1, Data.ofByte(protocol)));
    }

    /** {@code iifname "eth0"}; with {@code *} at the end, any interface whose name begins so. */
    public RuleBuilder whenIifname(String name) {
        return iifname(Cmp.Op.EQ, name);
    }

    /** {@code iifname != "eth0"} */
    public RuleBuilder unlessIifname(String name) {
        return iifname(Cmp.Op.NEQ, name);
    }

    private RuleBuilder iifname(Cmp.Op op, String name) {
        var load = Field.META_IIFNAME;
        var data = name.endsWith("*")
                ? Data.ofText(name, name.length() - 1)
                : Data.ofText(name, load.type().length());
        return then(load.load(Register.R1)).then(new Cmp(op, Register.R1, data));
    }

    /** {@code fib daddr type local}; {@link Fib#SADDR} or {@link Fib#DADDR}, perhaps with others. */
    public RuleBuilder whenFibLocal(int flags) {
        return then(new Fib(flags, Fib.Result.ADDRTYPE, Register.R1))
                .then(new Cmp(Cmp.Op.EQ, Register.R1, Data.ofHostInt(Fib.LOCAL)));
    }

    /** {@code ip daddr @set} */
    public RuleBuilder when(Selector selector, SetRef set) {
        return when(List.of(selector), set);
    }

    /** {@code ip saddr . ip daddr @set} */
    public RuleBuilder when(List<Selector> key, SetRef set) {
        return load(key).then(new Lookup(set, Register.R1, Optional.empty(), false));
    }

    /** {@code ip saddr != @set} */
    public RuleBuilder unless(Selector selector, SetRef set) {
        return load(List.of(selector)).then(new Lookup(set, Register.R1, Optional.empty(), true));
    }

    /** Puts the parts of a key into consecutive registers, from the first on. */
    private RuleBuilder load(List<Selector> key) {
        var register = Register.R1;
        for (int i = 0; i < key.size(); i++) {
            then(key.get(i).load(register));
            if (i < key.size() - 1) {
                register = register.after(key.get(i).type().length());
            }
        }
        return this;
    }

    // What is done

    /** {@code ip daddr . meta l4proto . th dport vmap @map} */
    public RuleBuilder vmap(SetRef map, Selector... key) {
        return load(Arrays.asList(key)).then(new Lookup(map, Register.R1, Optional.of(Register.VERDICT), false));
    }

    /** {@code dnat ip to ip daddr . th dport map @map}: the map's values are an address and a port. */
    public RuleBuilder dnatTo(SetRef map, Selector... key) {
        int addressLength = family.bits() / 8;
        return load(Arrays.asList(key))
                .then(new Lookup(map, Register.R1, Optional.of(Register.R1), false))
                .then(new Nat(
                        Nat.Type.DNAT,
                        family,
                        Optional.of(Register.R1),
                        Optional.of(Register.R1.after(addressLength)),
                        0));
    }

    /** {@code dnat to 10.0.0.1:80} */
    public RuleBuilder dnatTo(IpAddress address, int port) {
        return then(new Immediate(Register.R1, Data.of(address)))
                .then(new Immediate(Register.R2, Data.ofShort(port)))
                .then(new Nat(Nat.Type.DNAT, family, Optional.of(Register.R1), Optional.of(Register.R2), 0));
    }

    /** {@code meta mark set meta mark | bits} */
    public RuleBuilder setMarkOr(int bits) {
        return setMark(~bits, bits);
    }

    /** {@code meta mark set meta mark ^ bits} */
    public RuleBuilder setMarkXor(int bits) {
        return setMark(~0, bits);
    }

    /** {@code meta mark set meta mark & bits} */
    public RuleBuilder setMarkAnd(int bits) {
        return setMark(bits, 0);
    }

    private RuleBuilder setMark(int mask, int xor) {
        return then(Field.META_MARK.load(Register.R1))
                .then(bitwise(mask, xor))
                .then(new MetaSet(Meta.Key.MARK, Register.R1));
    }

    private static Bitwise bitwise(int mask, int xor) {
        return new Bitwise(Register.R1, Register.R1, Data.ofHostInt(mask), Data.ofHostInt(xor));
    }

    /** {@code update @set { ip saddr }} */
    public RuleBuilder update(String set, Selector... key) {
        return load(Arrays.asList(key)).then(new Dynset(Dynset.Op.UPDATE, set, Register.R1, Optional.empty(), 0));
    }

    /** {@code masquerade fully-random} */
    public RuleBuilder masqueradeFullyRandom() {
        return then(new Masquerade(NatFlags.FULLY_RANDOM));
    }

    public RuleBuilder masquerade() {
        return then(new Masquerade(0));
    }

    /** {@code reject}: an ICMP message "port unreachable". */
    public RuleBuilder reject() {
        return then(Reject.portUnreachable(family));
    }

    public RuleBuilder counter() {
        return then(new Counter(0, 0));
    }

    public RuleBuilder jump(String chain) {
        return verdict(Verdict.jump(chain));
    }

    public RuleBuilder goTo(String chain) {
        return verdict(Verdict.goTo(chain));
    }

    public RuleBuilder drop() {
        return verdict(Verdict.DROP);
    }

    public RuleBuilder accept() {
        return verdict(Verdict.ACCEPT);
    }

    public RuleBuilder verdict(Verdict verdict) {
        return then(Immediate.of(verdict));
    }
}
