package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rules as the kernel understands them: what makes no difference there makes none here.
 *
 * <p>Addresses and interfaces come first, conditions that always hold are gone, defaults are spelled out, numbers are
 * as precise as the kernel keeps them.
 */
final class Canonical {

    /** Order in which iptables prints connection states. */
    private static final List<String> STATES =
            List.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT");

    /** The kernel keeps a probability in these units. */
    private static final double PROBABILITY_ONE = 0x8000_0000L;

    private Canonical() {}

    static Rule of(Rule rule, IpFamily family) {
        var head = new ArrayList<Match>();
        var rest = new ArrayList<Match>();
        var pairing = PortsPairing.of(rule.matches());
        for (int i = 0; i < rule.matches().size(); i++) {
            if (i == pairing.first()) {
                rest.add(protocol((Match.Protocol) rule.matches().get(pairing.protocol())));
                rest.add(ports((Match.Ports) rule.matches().get(pairing.ports())));
            }
            if (i != pairing.protocol() && i != pairing.ports()) {
                add(rule.matches().get(i), head, rest);
            }
        }
        head.sort(Comparator.comparingInt(Canonical::rank));
        head.addAll(rest);
        return new Rule(head, rule.target().map(target -> target(target, family)));
    }

    private static void add(Match match, List<Match> head, List<Match> rest) {
        switch (match) {
            case Match.Address address -> {
                if (address.negated() || address.prefix().length() > 0) {
                    head.add(new Match.Address(address.end(), address.prefix(), false, address.negated()));
                }
            }
            case Match.Interface device -> {
                if (device.negated() || !device.name().equals("+")) {
                    head.add(device);
                }
            }
            case Match.Protocol protocol -> {
                var canonical = protocol(protocol);
                if (canonical.negated() || !canonical.protocol().equals("all")) {
                    head.add(canonical);
                }
            }
            default -> rest.add(condition(match));
        }
    }

    private static int rank(Match match) {
        return switch (match) {
            case Match.Address address -> address.end() == Match.End.SOURCE ? 0 : 1;
            case Match.Interface device -> device.end() == Match.End.SOURCE ? 2 : 3;
            default -> 4;
        };
    }

    private static Match condition(Match match) {
        return switch (match) {
            case Match.Ports ports -> ports(ports);
            case Match.Conntrack(List<String> states, boolean negated) ->
                new Match.Conntrack(
                        states.stream()
                                .distinct()
                                .sorted(Comparator.comparingInt(Canonical::stateRank))
                                .toList(),
                        negated);
            case Match.Probability(double probability) ->
                new Match.Probability(kernelProbability(probability) / PROBABILITY_ONE);
            default -> match;
        };
    }

    private static int stateRank(String state) {
        int rank = STATES.indexOf(state);
        return rank < 0 ? STATES.size() : rank;
    }

    /** What the kernel keeps of a probability once {@link #probabilityText} has been read back: units of 2⁻³¹. */
    static long kernelProbability(double probability) {
        return Math.round(Double.parseDouble(probabilityText(probability)) * PROBABILITY_ONE);
    }

    /** Ten decimals of the exact binary value, ties to even, as C's printf does. */
    static String probabilityText(double probability) {
        return new BigDecimal(probability).setScale(10, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static Match.Protocol protocol(Match.Protocol protocol) {
        return new Match.Protocol(Protocols.canonical(protocol.protocol()), protocol.negated());
    }

    private static Match.Ports ports(Match.Ports ports) {
        return new Match.Ports(
                ports.module(),
                ports.source().filter(Canonical::excludesSome),
                ports.destination().filter(Canonical::excludesSome));
    }

    private static boolean excludesSome(Match.PortRange range) {
        return range.negated() || range.first() > 0 || range.last() < 65535;
    }

    private static Target target(Target target, IpFamily family) {
        return target instanceof Target.Reject(Optional<String> with) && with.isEmpty()
                ? new Target.Reject(Optional.of(defaultReject(family)))
                : target;
    }

    private static String defaultReject(IpFamily family) {
        return family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable";
    }
}
