package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.nftables.Bitwise;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Counter;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Dynset;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.Limit;
import io.fairlead.netfilter.nftables.Log;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.Masquerade;
import io.fairlead.netfilter.nftables.Meta;
import io.fairlead.netfilter.nftables.MetaSet;
import io.fairlead.netfilter.nftables.Nat;
import io.fairlead.netfilter.nftables.Notrack;
import io.fairlead.netfilter.nftables.Numgen;
import io.fairlead.netfilter.nftables.Payload;
import io.fairlead.netfilter.nftables.Range;
import io.fairlead.netfilter.nftables.Redirect;
import io.fairlead.netfilter.nftables.Reject;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Unknown;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Reads expressions. What says more than its record can hold, or something else than is known here, becomes
 * {@link Unknown}; what the kernel cannot have said is an error.
 */
final class ExpressionReader {

    private ExpressionReader() {}

    /** @param element what is inside NFTA_LIST_ELEM */
    static Expression read(Fields element) throws MalformedMessageException {
        var name = element.text(NFTA_EXPR_NAME);
        byte[] attributes = element.has(NFTA_EXPR_DATA) ? element.bytes(NFTA_EXPR_DATA) : new byte[0];
        var fields = Fields.read(name + " expression", attributes);
        try {
            var known = known(name, fields);
            return known.isPresent() && fields.areAllRead() ? known.get() : new Unknown(name, Data.of(attributes));
        } catch (IllegalArgumentException e) {
            throw fields.malformed(e.getMessage() + "");
        }
    }

    private static Optional<? extends Expression> known(String name, Fields in) throws MalformedMessageException {
        return switch (name) {
            case "payload" -> payload(in);
            case "meta" -> meta(in);
            case "ct" -> ct(in);
            case "fib" -> fib(in);
            case "cmp" -> cmp(in);
            case "range" ->
                Optional.of(new Range(
                        in.number(NFTA_RANGE_OP) != 0,
                        in.register(NFTA_RANGE_SREG),
                        in.data(NFTA_RANGE_FROM_DATA),
                        in.data(NFTA_RANGE_TO_DATA)));
            case "bitwise" -> bitwise(in);
            case "immediate" ->
                Optional.of(new Immediate(in.register(NFTA_IMMEDIATE_DREG), in.value(NFTA_IMMEDIATE_DATA)));
            case "lookup" -> lookup(in);
            case "numgen" -> numgen(in);
            case "dynset" -> dynset(in);
            case "nat" -> nat(in);
            case "masq" -> Optional.of(new Masquerade(in.number(NFTA_MASQ_FLAGS, 0)));
            case "redir" -> redirect(in);
            case "reject" -> reject(in);
            case "counter" ->
                Optional.of(new Counter(in.longNumber(NFTA_COUNTER_PACKETS), in.longNumber(NFTA_COUNTER_BYTES)));
            case "limit" -> limit(in);
            case "log" -> log(in);
            case "notrack" -> Optional.of(new Notrack());
            default -> Optional.empty();
        };
    }

    private static <E> Optional<E> one(E[] values, Predicate<E> which) {
        return Arrays.stream(values).filter(which).findFirst();
    }

    private static Optional<Payload> payload(Fields in) throws MalformedMessageException {
        if (!in.has(NFTA_PAYLOAD_DREG)) {
            return Optional.empty();
        }
        int base = in.number(NFTA_PAYLOAD_BASE);
        int offset = in.number(NFTA_PAYLOAD_OFFSET);
        int length = in.number(NFTA_PAYLOAD_LEN);
        var dreg = in.register(NFTA_PAYLOAD_DREG);
        return one(Payload.Base.values(), known -> known.number() == base)
                .map(known -> new Payload(known, offset, length, dreg));
    }

    private static Optional<? extends Expression> meta(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_META_KEY);
        var key = one(Meta.Key.values(), known -> known.number() == number);
        if (in.has(NFTA_META_SREG)) {
            var sreg = in.register(NFTA_META_SREG);
            return key.map(known -> new MetaSet(known, sreg));
        }
        var dreg = in.register(NFTA_META_DREG);
        return key.map(known -> new Meta(known, dreg));
    }

    private static Optional<Ct> ct(Fields in) throws MalformedMessageException {
        if (!in.has(NFTA_CT_DREG)) {
            return Optional.empty();
        }
        int number = in.number(NFTA_CT_KEY);
        var dreg = in.register(NFTA_CT_DREG);
        return one(Ct.Key.values(), known -> known.number() == number).map(known -> new Ct(known, dreg));
    }

    private static Optional<Fib> fib(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_FIB_RESULT);
        int flags = in.number(NFTA_FIB_FLAGS);
        var dreg = in.register(NFTA_FIB_DREG);
        return one(Fib.Result.values(), known -> known.number() == number).map(known -> new Fib(flags, known, dreg));
    }

    private static Optional<Cmp> cmp(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_CMP_OP);
        var sreg = in.register(NFTA_CMP_SREG);
        var data = in.data(NFTA_CMP_DATA);
        return one(Cmp.Op.values(), known -> known.number() == number).map(known -> new Cmp(known, sreg, data));
    }

    private static Optional<Bitwise> bitwise(Fields in) throws MalformedMessageException {
        // Shifts, and what newer kernels do with two registers, are other operations.
        if (in.number(NFTA_BITWISE_OP, 0) != 0 || !in.has(NFTA_BITWISE_MASK)) {
            return Optional.empty();
        }
        var mask = in.data(NFTA_BITWISE_MASK);
        if (in.number(NFTA_BITWISE_LEN) != mask.length()) {
            throw in.malformed("its mask " + mask + " is not of its length");
        }
        return Optional.of(new Bitwise(
                in.register(NFTA_BITWISE_SREG), in.register(NFTA_BITWISE_DREG), mask, in.data(NFTA_BITWISE_XOR)));
    }

    private static Optional<Lookup> lookup(Fields in) throws MalformedMessageException {
        int flags = in.number(NFTA_LOOKUP_FLAGS, 0);
        if ((flags & ~NFT_LOOKUP_F_INV) != 0) {
            return Optional.empty();
        }
        return Optional.of(new Lookup(
                SetRef.named(in.text(NFTA_LOOKUP_SET)),
                in.register(NFTA_LOOKUP_SREG),
                in.optionalRegister(NFTA_LOOKUP_DREG),
                flags != 0));
    }

    private static Optional<Numgen> numgen(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_NG_TYPE);
        int modulus = in.number(NFTA_NG_MODULUS);
        int offset = in.number(NFTA_NG_OFFSET, 0);
        var dreg = in.register(NFTA_NG_DREG);
        if (modulus <= 0 || offset < 0) {
            // Beyond 2³¹: possible, but not with any program that is known.
            return Optional.empty();
        }
        return one(Numgen.Type.values(), known -> known.number() == number)
                .map(known -> new Numgen(known, modulus, offset, dreg));
    }

    private static Optional<Dynset> dynset(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_DYNSET_OP);
        var set = in.text(NFTA_DYNSET_SET_NAME);
        var key = in.register(NFTA_DYNSET_SREG_KEY);
        var value = in.optionalRegister(NFTA_DYNSET_SREG_DATA);
        long timeout = in.longNumber(NFTA_DYNSET_TIMEOUT, 0);
        if (in.number(NFTA_DYNSET_FLAGS, 0) != 0) {
            return Optional.empty();
        }
        return one(Dynset.Op.values(), known -> known.number() == number)
                .map(known -> new Dynset(known, set, key, value, timeout));
    }

    private static Optional<Nat> nat(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_NAT_TYPE);
        int family = in.number(NFTA_NAT_FAMILY);
        var address = in.optionalRegister(NFTA_NAT_REG_ADDR_MIN);
        var port = in.optionalRegister(NFTA_NAT_REG_PROTO_MIN);
        int flags = in.number(NFTA_NAT_FLAGS, 0);
        // The kernel reports a range of one as such.
        boolean ranges = !in.optionalRegister(NFTA_NAT_REG_ADDR_MAX)
                        .or(() -> address)
                        .equals(address)
                || !in.optionalRegister(NFTA_NAT_REG_PROTO_MAX).or(() -> port).equals(port);
        boolean known = family == Family.IP.number() || family == Family.IP6.number();
        if (ranges || !known) {
            return Optional.empty();
        }
        var ipFamily = family == Family.IP.number() ? IpFamily.IPV4 : IpFamily.IPV6;
        return one(Nat.Type.values(), type -> type.number() == number)
                .map(type -> new Nat(type, ipFamily, address, port, flags));
    }

    private static Optional<Redirect> redirect(Fields in) throws MalformedMessageException {
        var port = in.optionalRegister(NFTA_REDIR_REG_PROTO_MIN);
        if (!in.optionalRegister(NFTA_REDIR_REG_PROTO_MAX).or(() -> port).equals(port)) {
            return Optional.empty();
        }
        return Optional.of(new Redirect(port, in.number(NFTA_REDIR_FLAGS, 0)));
    }

    private static Optional<Reject> reject(Fields in) throws MalformedMessageException {
        int number = in.number(NFTA_REJECT_TYPE);
        int code = in.has(NFTA_REJECT_ICMP_CODE) ? in.unsignedByte(NFTA_REJECT_ICMP_CODE) : 0;
        return one(Reject.Type.values(), known -> known.number() == number).map(known -> new Reject(known, code));
    }

    private static Optional<Limit> limit(Fields in) throws MalformedMessageException {
        long rate = in.longNumber(NFTA_LIMIT_RATE);
        long unit = in.longNumber(NFTA_LIMIT_UNIT);
        int burst = in.number(NFTA_LIMIT_BURST, 0);
        int number = in.number(NFTA_LIMIT_TYPE, 0);
        int flags = in.number(NFTA_LIMIT_FLAGS, 0);
        if ((flags & ~NFT_LIMIT_F_INV) != 0) {
            return Optional.empty();
        }
        return one(Limit.Type.values(), known -> known.number() == number)
                .map(known -> new Limit(rate, unit, burst, known, flags != 0));
    }

    private static Optional<Log> log(Fields in) throws MalformedMessageException {
        return Optional.of(new Log(
                in.text(NFTA_LOG_PREFIX, ""),
                in.has(NFTA_LOG_LEVEL) ? OptionalInt.of(in.number(NFTA_LOG_LEVEL)) : OptionalInt.empty(),
                in.has(NFTA_LOG_GROUP) ? OptionalInt.of(in.unsignedShort(NFTA_LOG_GROUP)) : OptionalInt.empty()));
    }
}
