package io.fairlead.cli.oracle;

import io.fairlead.cli.oracle.OracleFlow.Place;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The packets that a service proxy's rules are about: every destination they name, from every kind of client. */
final class ListingFlows {

    private record Frontend(int protocol, IpAddress address, int port) {}

    /** @param count addresses that may send, from the given one on */
    private record Client(Place place, IpAddress address, int count) {}

    private final IpFamily family;
    private final Set<Frontend> frontends = new LinkedHashSet<>();
    private final Set<Client> clients = new LinkedHashSet<>();
    private boolean sticky;

    private ListingFlows(IpFamily family) {
        this.family = family;
    }

    /** @param most flows, chosen at random */
    static List<OracleFlow> of(Ruleset rules, int most, Random random) {
        var flows = new ListingFlows(rules.family());
        flows.read(rules);
        var all = new ArrayList<OracleFlow>();
        for (var frontend : flows.frontends) {
            for (var client : flows.clients) {
                if (flows.sticky && client.count() < 100) {
                    continue;
                }
                if (client.place() == Place.NODE || !frontend.address().isLoopback()) {
                    all.add(new OracleFlow(
                            client.place(),
                            frontend.protocol(),
                            client.address(),
                            client.count(),
                            frontend.address(),
                            frontend.port()));
                }
            }
        }
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    private void read(Ruleset rules) {
        boolean four = family == IpFamily.IPV4;
        var node = IpAddress.parse(four ? "10.210.40.172" : "fd00:210::172");
        for (var table : List.of(Table.NAT, Table.FILTER)) {
            for (var chain : rules.chains(table)) {
                rules.rules(table, chain).forEach(rule -> read(rule, node));
            }
        }
        many(Place.OUTSIDE, four ? "203.0.113.1" : "2001:db8:113::1");
        many(Place.PODS, four ? "10.244.77.1" : "fd00:10:244:77::1");
        many(Place.VETH_PODS, four ? "10.244.78.1" : "fd00:10:244:78::1");
        many(Place.OUTSIDE, four ? "10.244.9.1" : "fd00:10:244:9::1");
        clients.add(new Client(Place.NODE, node, 1));
    }

    private void many(Place place, String first) {
        clients.add(new Client(place, IpAddress.parse(first), 20_000));
    }

    /** An endpoint that calls itself, or somebody in a range; loopback addresses come from nowhere. */
    private void source(IpPrefix prefix) {
        var first = prefix.address();
        if (OracleLab.host().isLocal(first)) {
            return;
        }
        if (prefix.isHost()) {
            clients.add(new Client(Place.PODS, first, 1));
        } else if (!first.isLoopback() && prefix.length() <= family.bits() - 8) {
            clients.add(new Client(Place.PODS, new IpAddress(family, first.high(), first.low() + 190), 40));
        }
    }

    private void read(Rule rule, IpAddress node) {
        var to = IpAddress.v4(0);
        int protocol = 0;
        int port = 0;
        for (var match : rule.matches()) {
            switch (match) {
                case Match.Address(var end, var prefix, var _, boolean negated) -> {
                    if (end == Match.End.DESTINATION && prefix.isHost() && !negated) {
                        to = prefix.address();
                    } else if (end == Match.End.SOURCE && clients.size() < 12) {
                        source(prefix);
                    }
                }
                case Match.Ports ports ->
                    port = ports.destination().map(Match.PortRange::first).orElse(0);
                case Match.Protocol(var name, boolean _) ->
                    protocol = switch (name) {
                        case "tcp" -> CraftedPacket.TCP;
                        case "udp" -> CraftedPacket.UDP;
                        case "sctp" -> CraftedPacket.SCTP;
                        default -> 0;
                    };
                case Match.Recent _ -> sticky = true;
                default -> {}
            }
        }
        if (protocol != 0 && port != 0) {
            frontends.add(new Frontend(protocol, to.isUnspecified() ? node : to, port));
        }
    }
}
