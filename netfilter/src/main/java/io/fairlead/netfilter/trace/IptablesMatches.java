package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.iptables.Match;
import java.util.List;
import java.util.Set;

/** Answers the conditions of iptables rules. */
final class IptablesMatches {

    private IptablesMatches() {}

    static Answer answer(Match match, Walk walk, Host host) {
        return switch (match) {
            case Match.Address(var end, var prefix, var _, boolean negated) ->
                Answer.of(prefix.contains(at(end, walk).address()) != negated);
            case Match.Interface(var end, var name, boolean negated) ->
                device(end == Match.End.SOURCE, name, walk).negatedIf(negated);
            case Match.Protocol(var protocol, boolean negated) ->
                protocol(protocol, walk).negatedIf(negated);
            case Match.Ports(var module, var source, var destination) ->
                Answer.of(walk.packet.protocol().equals(module)
                        && source.map(range -> holds(range, walk.packet.source().port()))
                                .orElse(true)
                        && destination
                                .map(range ->
                                        holds(range, walk.packet.destination().port()))
                                .orElse(true));
            case Match.Comment _, Match.Accounting _ -> Answer.Certain.YES;
            case Match.Conntrack(var states, boolean negated) ->
                states(states, walk).negatedIf(negated);
            case Match.Mark(int value, int mask, boolean negated) ->
                Answer.of(((walk.packet.mark() & mask) == value) != negated);
            case Match.AddressType(var end, var types, boolean negated) ->
                addressType(at(end, walk).address(), types, host).negatedIf(negated);
            case Match.Probability(double probability) -> new Answer.Chance(Fraction.ofStatistic(probability));
            case Match.Recent recent -> recent(recent, walk, host);
            case Match.Verbatim(var module, var words) -> IptablesModules.answer(module, words, walk, host);
        };
    }

    private static Endpoint at(Match.End end, Walk walk) {
        return end == Match.End.SOURCE ? walk.packet.source() : walk.packet.destination();
    }

    private static boolean holds(Match.PortRange range, int port) {
        return (range.first() <= port && port <= range.last()) != range.negated();
    }

    private static Answer protocol(String protocol, Walk walk) {
        return Answer.of(protocol.equals("all") || protocol.equals(walk.packet.protocol()));
    }

    /** A name that ends in {@code +} stands for all that begin so. */
    static Answer device(boolean incoming, String name, Walk walk) {
        var device = incoming ? walk.in : walk.out;
        boolean prefix = name.endsWith("+");
        if (device.known()) {
            return Answer.of(
                    prefix
                            ? device.name().startsWith(name.substring(0, name.length() - 1))
                            : device.name().equals(name));
        }
        if (name.equals("+")) {
            return Answer.Certain.YES;
        }
        if (name.equals("lo") && incoming) {
            return Answer.Certain.NO;
        }
        return new Answer.Depends("it " + (incoming ? "comes in" : "goes out") + " through " + name, false);
    }

    static Answer states(List<String> states, Walk walk) {
        for (var state : states) {
            boolean holds =
                    switch (state) {
                        case "DNAT" -> walk.translatedTo.isPresent();
                        case "SNAT" -> !(walk.newSource instanceof Outcome.NewSource.Kept);
                        default -> state.equals(walk.state().name());
                    };
            if (holds) {
                return Answer.Certain.YES;
            }
        }
        return Answer.Certain.NO;
    }

    static Answer addressType(IpAddress address, Set<String> types, Host host) {
        return Answer.of(types.contains(AddressKind.of(address, host).name()));
    }

    private static Answer recent(Match.Recent recent, Walk walk, Host host) {
        var source = walk.packet.source().address();
        if (recent.mode() == Match.RecentMode.SET) {
            walk.remembered.add(recent.name());
            return Answer.Certain.YES;
        }
        boolean listed = walk.remembered.contains(recent.name())
                || host.recent().getOrDefault(recent.name(), Set.of()).contains(source);
        if (recent.mode() == Match.RecentMode.REMOVE) {
            walk.remembered.remove(recent.name());
        }
        return Answer.of(listed);
    }
}
