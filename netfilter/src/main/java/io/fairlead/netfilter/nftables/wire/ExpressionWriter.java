package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.*;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.MessageBuffer;
import io.fairlead.netfilter.nftables.Bitwise;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Counter;
import io.fairlead.netfilter.nftables.Ct;
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
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Reject;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Unknown;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.netfilter.nftables.Verdict;

/** Writes the attributes of expressions, in nft's order. */
final class ExpressionWriter {

    private final MessageBuffer to;

    ExpressionWriter(MessageBuffer to) {
        this.to = to;
    }

    /** @param setId the NFTA_SET_ID of a lookup's set, when it is made in the same batch; else 0 */
    void write(Expression expression, int setId) {
        int element = to.beginNested(NFTA_LIST_ELEM);
        to.putText(NFTA_EXPR_NAME, expression.kernelName());
        if (expression instanceof Unknown unknown) {
            to.put(NFTA_EXPR_DATA, unknown.attributes());
        } else if (!(expression instanceof Notrack)) {
            int data = to.beginNested(NFTA_EXPR_DATA);
            attributes(expression, setId);
            to.endNested(data);
        }
        to.endNested(element);
    }

    private void attributes(Expression expression, int setId) {
        switch (expression) {
            case Payload payload -> payload(payload);
            case Meta meta -> {
                to.putInt(NFTA_META_KEY, meta.key().number());
                register(NFTA_META_DREG, meta.dreg());
            }
            case MetaSet meta -> {
                to.putInt(NFTA_META_KEY, meta.key().number());
                register(NFTA_META_SREG, meta.sreg());
            }
            case Ct ct -> {
                to.putInt(NFTA_CT_KEY, ct.key().number());
                register(NFTA_CT_DREG, ct.dreg());
            }
            case Fib fib -> {
                register(NFTA_FIB_DREG, fib.dreg());
                to.putInt(NFTA_FIB_RESULT, fib.result().number());
                to.putInt(NFTA_FIB_FLAGS, fib.flags());
            }
            case Cmp cmp -> {
                register(NFTA_CMP_SREG, cmp.sreg());
                to.putInt(NFTA_CMP_OP, cmp.op().number());
                value(to, NFTA_CMP_DATA, cmp.data());
            }
            case Range range -> {
                register(NFTA_RANGE_SREG, range.sreg());
                to.putInt(NFTA_RANGE_OP, range.inverted() ? 1 : 0);
                value(to, NFTA_RANGE_FROM_DATA, range.from());
                value(to, NFTA_RANGE_TO_DATA, range.to());
            }
            case Bitwise bitwise -> bitwise(bitwise);
            case Immediate immediate -> {
                register(NFTA_IMMEDIATE_DREG, immediate.dreg());
                value(to, NFTA_IMMEDIATE_DATA, immediate.value());
            }
            case Lookup lookup -> lookup(lookup, setId);
            case Numgen numgen -> numgen(numgen);
            case Dynset dynset -> dynset(dynset);
            case Nat nat -> nat(nat);
            case Masquerade masquerade -> flags(NFTA_MASQ_FLAGS, masquerade.flags());
            case Redirect redirect -> {
                redirect.port().ifPresent(port -> register(NFTA_REDIR_REG_PROTO_MIN, port));
                flags(NFTA_REDIR_FLAGS, redirect.flags());
            }
            case Reject reject -> {
                to.putInt(NFTA_REJECT_TYPE, reject.type().number());
                to.putByte(NFTA_REJECT_ICMP_CODE, reject.code());
            }
            case Counter counter -> {
                to.putLong(NFTA_COUNTER_BYTES, counter.bytes());
                to.putLong(NFTA_COUNTER_PACKETS, counter.packets());
            }
            case Limit limit -> limit(limit);
            case Log log -> log(log);
            case Notrack _, Unknown _ ->
                throw new IllegalArgumentException(expression + " has no attributes of its own");
        }
    }

    private void payload(Payload payload) {
        register(NFTA_PAYLOAD_DREG, payload.dreg());
        to.putInt(NFTA_PAYLOAD_BASE, payload.base().number());
        to.putInt(NFTA_PAYLOAD_OFFSET, payload.offset());
        to.putInt(NFTA_PAYLOAD_LEN, payload.length());
    }

    private void bitwise(Bitwise bitwise) {
        register(NFTA_BITWISE_SREG, bitwise.sreg());
        register(NFTA_BITWISE_DREG, bitwise.dreg());
        to.putInt(NFTA_BITWISE_LEN, bitwise.mask().length());
        value(to, NFTA_BITWISE_MASK, bitwise.mask());
        value(to, NFTA_BITWISE_XOR, bitwise.xor());
    }

    private void lookup(Lookup lookup, int setId) {
        register(NFTA_LOOKUP_SREG, lookup.sreg());
        lookup.dreg().ifPresent(dreg -> register(NFTA_LOOKUP_DREG, dreg));
        to.putText(
                NFTA_LOOKUP_SET,
                switch (lookup.set()) {
                    case SetRef.Named named -> named.name();
                    case SetRef.Anonymous anonymous -> SetWriter.template(anonymous);
                });
        flags(NFTA_LOOKUP_SET_ID, setId);
        flags(NFTA_LOOKUP_FLAGS, lookup.inverted() ? NFT_LOOKUP_F_INV : 0);
    }

    private void numgen(Numgen numgen) {
        register(NFTA_NG_DREG, numgen.dreg());
        to.putInt(NFTA_NG_MODULUS, numgen.modulus());
        to.putInt(NFTA_NG_TYPE, numgen.type().number());
        to.putInt(NFTA_NG_OFFSET, numgen.offset());
    }

    private void dynset(Dynset dynset) {
        register(NFTA_DYNSET_SREG_KEY, dynset.key());
        dynset.value().ifPresent(value -> register(NFTA_DYNSET_SREG_DATA, value));
        to.putInt(NFTA_DYNSET_OP, dynset.op().number());
        if (dynset.timeoutMillis() != 0) {
            to.putLong(NFTA_DYNSET_TIMEOUT, dynset.timeoutMillis());
        }
        to.putText(NFTA_DYNSET_SET_NAME, dynset.set());
    }

    private void nat(Nat nat) {
        to.putInt(NFTA_NAT_TYPE, nat.type().number());
        to.putInt(NFTA_NAT_FAMILY, nat.family() == IpFamily.IPV4 ? Family.IP.number() : Family.IP6.number());
        nat.address().ifPresent(address -> register(NFTA_NAT_REG_ADDR_MIN, address));
        nat.port().ifPresent(port -> register(NFTA_NAT_REG_PROTO_MIN, port));
        flags(NFTA_NAT_FLAGS, nat.flags());
    }

    private void limit(Limit limit) {
        to.putLong(NFTA_LIMIT_RATE, limit.rate());
        to.putLong(NFTA_LIMIT_UNIT, limit.unitSeconds());
        to.putInt(NFTA_LIMIT_BURST, limit.burst());
        to.putInt(NFTA_LIMIT_TYPE, limit.type().number());
        to.putInt(NFTA_LIMIT_FLAGS, limit.inverted() ? NFT_LIMIT_F_INV : 0);
    }

    private void log(Log log) {
        if (!log.prefix().isEmpty()) {
            to.putText(NFTA_LOG_PREFIX, log.prefix());
        }
        log.group().ifPresent(group -> to.putShort(NFTA_LOG_GROUP, group));
        log.level().ifPresent(level -> to.putInt(NFTA_LOG_LEVEL, level));
    }

    private void register(int type, Register register) {
        to.putInt(type, register.number());
    }

    private void flags(int type, int flags) {
        if (flags != 0) {
            to.putInt(type, flags);
        }
    }

    /** A nested attribute with bytes or a verdict in it. */
    static void value(MessageBuffer to, int type, Value value) {
        int outer = to.beginNested(type);
        switch (value) {
            case io.fairlead.netfilter.nftables.Data data -> to.put(NFTA_DATA_VALUE, data);
            case Verdict verdict -> {
                int inner = to.beginNested(NFTA_DATA_VERDICT);
                to.putInt(NFTA_VERDICT_CODE, verdict.code());
                switch (verdict) {
                    case Verdict.Jump jump -> to.putText(NFTA_VERDICT_CHAIN, jump.chain());
                    case Verdict.Goto goTo -> to.putText(NFTA_VERDICT_CHAIN, goTo.chain());
                    case Verdict.Plain _ -> {}
                }
                to.endNested(inner);
            }
        }
        to.endNested(outer);
    }
}
