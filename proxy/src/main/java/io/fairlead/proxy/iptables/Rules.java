package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The vocabulary of kube-proxy's rules. */
final class Rules {

    static final Match TO_LOCAL = new Match.AddressType(Match.End.DESTINATION, Set.of("LOCAL"), false);
    static final Match FROM_LOCAL = new Match.AddressType(Match.End.SOURCE, Set.of("LOCAL"), false);
    static final Target MARK_FOR_MASQUERADE = jump(Chains.MARK_MASQ);

    private Rules() {}

    static Target jump(String chain) {
        return new Target.Jump(chain);
    }

    static Match comment(String text) {
        return new Match.Comment(text);
    }

    static Match source(IpAddress address) {
        return new Match.Address(Match.End.SOURCE, IpPrefix.host(address), true, false);
    }

    static Match source(IpPrefix range) {
        return new Match.Address(Match.End.SOURCE, range, false, false);
    }

    static Match destination(IpAddress address) {
        return new Match.Address(Match.End.DESTINATION, IpPrefix.host(address), true, false);
    }

    static Match destination(IpPrefix range) {
        return new Match.Address(Match.End.DESTINATION, range, false, false);
    }

    static Match notDestination(IpPrefix range) {
        return new Match.Address(Match.End.DESTINATION, range, false, true);
    }

    static Match protocol(String protocol) {
        return new Match.Protocol(protocol, false);
    }

    /** The protocol's own module, without a port. */
    static Match anyPort(String protocol) {
        return new Match.Ports(protocol, Optional.empty(), Optional.empty());
    }

    static Match toPort(String protocol, int port) {
        return new Match.Ports(protocol, Optional.empty(), Optional.of(Match.PortRange.of(port)));
    }

    static Match counted(String counter) {
        return new Match.Accounting(counter);
    }

    static Rule rule(Target target, Match... matches) {
        return new Rule(Arrays.asList(matches), Optional.of(target));
    }

    static Rule rule(Optional<Target> target, Optional<Match> first, Match... others) {
        var matches = new ArrayList<Match>(others.length + 1);
        first.ifPresent(matches::add);
        matches.addAll(List.of(others));
        return new Rule(matches, target);
    }
}
