package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Nat;
import io.fairlead.netfilter.nftables.NatFlags;
import io.fairlead.netfilter.nftables.Redirect;
import java.util.StringJoiner;

/** {@code dnat to 10.0.0.1:80} and its like. */
final class NatText {

    private NatText() {}

    static String of(Nat nat, Registers registers) throws Unprintable {
        var verb = nat.type() == Nat.Type.DNAT ? "dnat" : "snat";
        if (nat.address().isEmpty()) {
            throw new Unprintable("no address");
        }
        var register = nat.address().get();
        var target = registers.at(register);
        if (target instanceof Term.Mapped mapped) {
            if (nat.port().isEmpty()) {
                return verb + " to " + mapped.text() + flags(nat.flags());
            }
            var port = nat.port().get();
            if (port.isVerdict()
                    || port.slot() != register.slot() + nat.family().bits() / 32) {
                throw new Unprintable("a port that is not beside its address");
            }
            return verb + " " + Family.of(nat.family()) + " to " + mapped.text() + flags(nat.flags());
        }
        if (target instanceof Term.Constant constant
                && constant.length() == nat.family().bits() / 8) {
            return verb + " to " + literal(nat, constant.data(), registers) + flags(nat.flags());
        }
        throw new Unprintable("an address that was calculated");
    }

    private static String literal(Nat nat, Data data, Registers registers) throws Unprintable {
        var address = nat.family() == IpFamily.IPV4
                ? IpAddress.v4((int) data.bigEndian())
                : new IpAddress(
                        IpFamily.IPV6,
                        data.slice(0, 8).bigEndian(),
                        data.slice(8, 8).bigEndian());
        if (nat.port().isEmpty()) {
            return address.toString();
        }
        if (registers.at(nat.port().get()) instanceof Term.Constant port && port.length() == 2) {
            return address.withPort((int) port.data().bigEndian());
        }
        throw new Unprintable("a port that was calculated");
    }

    static String of(Redirect redirect, Registers registers) throws Unprintable {
        if (redirect.port().isEmpty()) {
            return "redirect" + flags(redirect.flags());
        }
        if (registers.at(redirect.port().get()) instanceof Term.Constant port && port.length() == 2) {
            return "redirect to :" + port.data().bigEndian() + flags(redirect.flags());
        }
        throw new Unprintable("a port that was calculated");
    }

    static String flags(int flags) throws Unprintable {
        var names = new StringJoiner(",", " ", "").setEmptyValue("");
        if ((flags & NatFlags.RANDOM) != 0) {
            names.add("random");
        }
        if ((flags & NatFlags.FULLY_RANDOM) != 0) {
            names.add("fully-random");
        }
        if ((flags & NatFlags.PERSISTENT) != 0) {
            names.add("persistent");
        }
        if ((flags & ~(NatFlags.RANDOM | NatFlags.FULLY_RANDOM | NatFlags.PERSISTENT)) != 0) {
            throw new Unprintable("flags " + flags);
        }
        return names.toString();
    }
}
