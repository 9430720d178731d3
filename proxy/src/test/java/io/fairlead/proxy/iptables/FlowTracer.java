package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * All fates of the first packet of a connection, as upstream's own tests count them: every branch of a random choice,
 * and the filter table's verdicts on top. Conditions on what earlier packets left behind never hold.
 */
final class FlowTracer {

    record Packet(IpAddress source, String protocol, IpAddress destination, int port) {}

    /**
     * @param output all final actions, in the order of the rules: {@code ip:port} of endpoints, verdicts
     * @param masqueraded the packet is marked for masquerading
     */
    record Fate(List<String> output, boolean masqueraded) {}

    private final Ruleset ruleset;
    private final Set<IpAddress> local;
    private final List<String> output = new ArrayList<>();
    private Packet packet;
    private boolean masqueraded;

    private FlowTracer(Ruleset ruleset, Set<IpAddress> local, Packet packet) {
        this.ruleset = ruleset;
        this.local = local;
        this.packet = packet;
    }

    /**
     * @param local addresses of this machine besides loopback
     */
    static Fate trace(Ruleset ruleset, Set<IpAddress> local, Packet packet) {
        return new FlowTracer(ruleset, local, packet).run();
    }

    private Fate run() {
        walk(Table.NAT, "PREROUTING");
        if (!output.isEmpty()) {
            packet = new Packet(packet.source(), packet.protocol(), addressOf(output.getFirst()), packet.port());
        }
        for (var chain : List.of(Chains.SERVICES, Chains.EXTERNAL_SERVICES, Chains.NODE_PORTS, Chains.PROXY_FIREWALL)) {
            walk(Table.FILTER, chain);
        }
        return new Fate(List.copyOf(output), masqueraded);
    }

    private static IpAddress addressOf(String endpoint) {
        return IpAddress.parse(endpoint.substring(0, endpoint.lastIndexOf(':'))
                .replace("[", "")
                .replace("]", ""));
    }

    /** Whether the packet's way ends in this chain. */
    private boolean walk(Table table, String chain) {
        for (var rule : ruleset.rules(table, chain)) {
            if (rule.target().isPresent() && rule.matches().stream().allMatch(this::holds)) {
                boolean ended = follow(table, rule.target().get());
                if (ended && !isRandom(rule)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean follow(Table table, Target target) {
        return switch (target) {
            case Target.Jump(String chain) -> {
                masqueraded |= chain.equals(Chains.MARK_MASQ);
                yield walk(table, chain);
            }
            case Target.Goto(String chain) -> walk(table, chain);
            case Target.Dnat(String to) -> end(to);
            case Target.Reject _ -> end("REJECT");
            case Target.Verdict verdict -> verdict != Target.Verdict.RETURN && end(verdict.name());
            case Target.SetMark _, Target.Masquerade _, Target.Verbatim _ -> false;
        };
    }

    private boolean end(String action) {
        output.add(action);
        return true;
    }

    private static boolean isRandom(Rule rule) {
        return rule.matches().stream().anyMatch(Match.Probability.class::isInstance);
    }

    private boolean holds(Match match) {
        return switch (match) {
            case Match.Address(var end, var prefix, var _, boolean negated) -> prefix.contains(address(end)) != negated;
            case Match.AddressType(var end, var types, boolean negated) ->
                types.contains(isLocal(address(end)) ? "LOCAL" : "UNICAST") != negated;
            case Match.Protocol(String protocol, boolean negated) -> protocol.equals(packet.protocol()) != negated;
            case Match.Ports ports -> ports.destination().map(this::holds).orElse(true);
            case Match.Recent recent -> recent.mode() == Match.RecentMode.SET;
            case Match.Conntrack _, Match.Mark _, Match.Interface _, Match.Verbatim _ -> false;
            case Match.Comment _, Match.Accounting _, Match.Probability _ -> true;
        };
    }

    private boolean holds(Match.PortRange range) {
        return (range.first() <= packet.port() && packet.port() <= range.last()) != range.negated();
    }

    private IpAddress address(Match.End end) {
        return end == Match.End.SOURCE ? packet.source() : packet.destination();
    }

    private boolean isLocal(IpAddress address) {
        return local.contains(address) || isLoopbackAddress(address);
    }

    /** Only these two of the loopback network, as in the recorded traces. */
    private static boolean isLoopbackAddress(IpAddress address) {
        return address.equals(IpAddress.parse("127.0.0.1")) || address.equals(IpAddress.parse("::1"));
    }
}
