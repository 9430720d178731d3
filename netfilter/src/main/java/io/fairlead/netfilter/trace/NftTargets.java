package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Nat;
import io.fairlead.netfilter.nftables.Redirect;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Reject;
import java.util.List;
import java.util.Optional;

/** What nftables' statements do to a walk. */
final class NftTargets {

    private NftTargets() {}

    static void nat(Nat nat, Registers registers, RuleRef rule, Walk walk, Traversal traversal) {
        var now = nat.type() == Nat.Type.DNAT ? walk.packet.destination() : walk.packet.source();
        var address = nat.address()
                .map(from -> address(from, walk.packet.family(), registers))
                .orElse(now.address());
        var to = new Endpoint(address, port(nat.port(), registers).orElse(now.port()));
        if (nat.type() == Nat.Type.DNAT) {
            IptablesTargets.translate(List.of(to), rule, walk, traversal);
        } else {
            var rewritten =
                    new Outcome.NewSource.Rewritten(nat.port().isPresent() ? to.toString() : address.toString());
            walk.hit(rule, new Effect.Snat(rewritten));
            walk.translateSource(rewritten);
        }
    }

    private static IpAddress address(Register from, IpFamily family, Registers registers) {
        return IpAddress.ofBytes(registers.get(from, family.bits() / 8).toBytes());
    }

    private static Optional<Integer> port(Optional<Register> from, Registers registers) {
        return from.map(register -> (int) registers.get(register, 2).bigEndian());
    }

    static void redirect(Redirect redirect, Registers registers, RuleRef rule, Walk walk) {
        IptablesTargets.redirect(port(redirect.port(), registers), rule, walk);
    }

    static void reject(Reject reject, RuleRef rule, Walk walk) {
        var with = name(reject, walk.packet.family());
        walk.hit(rule, new Effect.Reject(with));
        walk.end(Fate.REJECTED, with);
    }

    /** As iptables calls the same answer. */
    private static String name(Reject reject, IpFamily family) {
        return switch (reject.type()) {
            case TCP_RESET -> "tcp-reset";
            case ICMP -> family == IpFamily.IPV4 ? icmp(reject.code()) : icmp6(reject.code());
            // enum nft_reject_inet_code
            case ICMPX ->
                switch (reject.code()) {
                    case 0 -> family == IpFamily.IPV4 ? icmp(0) : icmp6(0);
                    case 1 -> family == IpFamily.IPV4 ? icmp(3) : icmp6(4);
                    case 2 -> family == IpFamily.IPV4 ? icmp(1) : icmp6(3);
                    default -> family == IpFamily.IPV4 ? icmp(13) : icmp6(1);
                };
        };
    }

    /** RFC 792, RFC 1812: codes of "destination unreachable". */
    private static String icmp(int code) {
        return switch (code) {
            case 0 -> "icmp-net-unreachable";
            case 1 -> "icmp-host-unreachable";
            case 2 -> "icmp-proto-unreachable";
            case 3 -> "icmp-port-unreachable";
            case 9 -> "icmp-net-prohibited";
            case 10 -> "icmp-host-prohibited";
            case 13 -> "icmp-admin-prohibited";
            default -> "icmp code " + code;
        };
    }

    /** RFC 4443, section 3.1. */
    private static String icmp6(int code) {
        return switch (code) {
            case 0 -> "icmp6-no-route";
            case 1 -> "icmp6-adm-prohibited";
            case 3 -> "icmp6-addr-unreachable";
            case 4 -> "icmp6-port-unreachable";
            default -> "icmp6 code " + code;
        };
    }
}
