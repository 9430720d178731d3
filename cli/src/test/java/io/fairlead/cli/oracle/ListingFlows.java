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
    private record Client(Place place, IpAddress address, int count) {

        boolean isAmongThem(IpAddress other) {
            long distance = other.low() - address.low();
            return other.family() == address.family()
                    && other.high() == address.high()
                    && distance >= 0
                    && distance < count;
        }
    }

    /** Nobody has it in the goldens. */
    private static final int UNUSED_PORT = 9;

    private final IpFamily family;
    private final IpAddress node;
    private final Set<Frontend> frontends = new LinkedHashSet<>();
    private final Set<Client> clients = new LinkedHashSet<>();
    private final Set<IpAddress> endpoints = new LinkedHashSet<>();
    private boolean sticky;

    private ListingFlows(IpFamily family, IpAddress node) {
        this.family = family;
        this.node = node;
    }

    /** @param most flows, chosen at random */
    static List<OracleFlow> of(Ruleset rules, int most, Random random) {
        var family = rules.family();
        var node = IpAddress.parse(family == IpFamily.IPV4 ? "10.210.40.172" : "fd00:210::172");
        return chosen(flows(rules, node).all(), most, random);
    }

    /**
     * A third of them to what is near a frontend and none itself: other ports and protocols, and an address that no Service
     * has.
     *
     * @param node where node ports are tried
     */
    static List<OracleFlow> withStrangers(Ruleset rules, IpAddress node, int most, Random random) {
        var flows = flows(rules, node);
        var chosen = new ArrayList<>(chosen(flows.all(), most - most / 3, random));
        flows.takeStrangers();
        chosen.addAll(chosen(flows.all(), most / 3, random));
        return List.copyOf(chosen);
    }

    private static ListingFlows flows(Ruleset rules, IpAddress node) {
        var flows = new ListingFlows(rules.family(), node);
        flows.read(rules);
        // An endpoint fares differently from its neighbours: it may reach itself.
        flows.clients.removeIf(
                client -> client.count() > 1 && flows.endpoints.stream().anyMatch(client::isAmongThem));
        return flows;
    }

    private static List<OracleFlow> chosen(List<OracleFlow> all, int most, Random random) {
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    private void takeStrangers() {
        var known = List.copyOf(frontends);
        frontends.clear();
        for (var frontend : known) {
            int other = frontend.protocol() == CraftedPacket.TCP ? CraftedPacket.UDP : CraftedPacket.TCP;
            frontends.add(new Frontend(frontend.protocol(), frontend.address(), UNUSED_PORT));
            frontends.add(new Frontend(other, frontend.address(), frontend.port()));
        }
        known.forEach(frontends::remove);
        var nobodys = IpAddress.parse(family == IpFamily.IPV4 ? "10.96.200.200" : "fd00:10:96::c8c8");
        frontends.add(new Frontend(CraftedPacket.TCP, nobodys, 80));
    }

    private List<OracleFlow> all() {
        var all = new ArrayList<OracleFlow>();
        for (var frontend : frontends) {
            for (var client : clients) {
                if (sticky && client.count() < 100) {
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
        return all;
    }

    private void read(Ruleset rules) {
        boolean four = family == IpFamily.IPV4;
        for (var table : List.of(Table.NAT, Table.FILTER)) {
            for (var chain : rules.chains(table)) {
                rules.rules(table, chain).forEach(this::read);
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
        if (prefix.isHost()) {
            endpoints.add(first);
        }
        if (OracleLab.host().isLocal(first) || clients.size() >= 12) {
            return;
        }
        if (prefix.isHost()) {
            clients.add(new Client(Place.PODS, first, 1));
        } else if (!first.isLoopback() && prefix.length() <= family.bits() - 8) {
            clients.add(new Client(Place.PODS, new IpAddress(family, first.high(), first.low() + 190), 40));
        }
    }

    private void read(Rule rule) {
        var to = IpAddress.v4(0);
        int protocol = 0;
        int port = 0;
        for (var match : rule.matches()) {
            switch (match) {
                case Match.Address(var end, var prefix, var _, boolean negated) -> {
                    if (end == Match.End.DESTINATION && prefix.isHost() && !negated) {
                        to = prefix.address();
                    } else if (end == Match.End.SOURCE) {
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
