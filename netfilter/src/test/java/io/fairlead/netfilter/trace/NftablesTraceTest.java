package io.fairlead.netfilter.trace;

import static io.fairlead.netfilter.nftables.DataType.INET_PROTO;
import static io.fairlead.netfilter.nftables.DataType.INET_SERVICE;
import static io.fairlead.netfilter.nftables.DataType.IPV4_ADDR;
import static io.fairlead.netfilter.nftables.Field.IP_DADDR;
import static io.fairlead.netfilter.nftables.Field.IP_SADDR;
import static io.fairlead.netfilter.nftables.Field.META_L4PROTO;
import static io.fairlead.netfilter.nftables.Field.TH_DPORT;
import static io.fairlead.netfilter.nftables.Hook.Point.FORWARD;
import static io.fairlead.netfilter.nftables.Hook.Point.POSTROUTING;
import static io.fairlead.netfilter.nftables.Hook.Point.PREROUTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tables of nftables on the register machine. */
class NftablesTraceTest {

    private static final int TCP = 6;
    private static final DataType[] FRONTEND = {IPV4_ADDR, INET_PROTO, INET_SERVICE};
    private static final Selector[] FRONTEND_KEY = {IP_DADDR, META_L4PROTO, TH_DPORT};

    private final LinkedHashMap<String, Chain> chains = new LinkedHashMap<>();
    private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
    private final LinkedHashMap<String, NftSet> sets = new LinkedHashMap<>();
    private final Map<String, List<Element>> elements = new LinkedHashMap<>();

    private void chain(Chain chain, Rule... inOrder) {
        chains.put(chain.name(), chain);
        rules.put(chain.name(), List.of(inOrder));
    }

    private void set(NftSet set, Element... all) {
        sets.put(set.name(), set);
        elements.put(set.name(), new ArrayList<>(List.of(all)));
    }

    private static RuleBuilder rule() {
        return RuleBuilder.of(IpFamily.IPV4);
    }

    private Trace trace(Host host, String from, String to, int port) {
        var table = new TableImage(Table.of(Family.IP, "kube-proxy"), chains, rules, sets, elements);
        return new Tracer(host, List.of(NftablesRules.of(table, IpFamily.IPV4)))
                .trace(Packet.arriving(
                        "tcp", new Endpoint(IpAddress.parse(from), 40_000), new Endpoint(IpAddress.parse(to), port)));
    }

    private Map<String, String> outcomes(String from, String to, int port) {
        return ArticleTraceTest.outcomes(trace(Host.of(Set.of(IpAddress.parse("10.0.0.1"))), from, to, port));
    }

    private static Data frontend(String address, int port) {
        return Data.endpoint(IpAddress.parse(address), TCP, port);
    }

    /** The layout for big clusters: chains by number of endpoints, one map of all endpoints. */
    private void services() {
        chain(
                Chain.base("nat-prerouting", Hook.nat(PREROUTING, -100)),
                rule().whenFibLocal(Fib.DADDR).goTo("node-ports").comment("node ports"),
                rule().vmap(SetRef.named("service-ips"), FRONTEND_KEY).build());
        chain(Chain.regular("node-ports"));
        chain(Chain.regular("mark-for-masquerade"), rule().setMarkOr(0x4000).build());
        chain(
                Chain.regular("pick-3"),
                rule().unlessSaddr(IpPrefix.parse("10.244.0.0/16"))
                        .jump("mark-for-masquerade")
                        .build(),
                rule().dnatTo(SetRef.named("endpoints"), IP_DADDR, META_L4PROTO, TH_DPORT, Selector.random(3))
                        .build());
        chain(
                Chain.base("masquerading", Hook.nat(POSTROUTING, 100)),
                rule().whenMark(0x4000).masqueradeFullyRandom().build());
        set(NftSet.verdictMap("service-ips", FRONTEND), Element.of(frontend("10.96.0.10", 53), Verdict.goTo("pick-3")));
        set(NftSet.typeof(
                "endpoints",
                List.of(IP_DADDR, META_L4PROTO, TH_DPORT, Selector.random(3)),
                List.of(IP_DADDR, TH_DPORT)));
        for (int i = 0; i < 3; i++) {
            elements.get("endpoints")
                    .add(Element.of(
                            Data.concat(frontend("10.96.0.10", 53), Data.ofHostInt(i)),
                            Data.concat(Data.of(IpAddress.parse("10.244.0." + (5 + i))), Data.ofShort(5353))));
        }
    }

    @Test
    void aRandomNumberPicksEachEndpointWithTheSameShare() {
        services();
        assertThat(outcomes("10.244.1.1", "10.96.0.10", 53))
                .isEqualTo(Map.of(
                        "DNAT to 10.244.0.5:5353", "1/3",
                        "DNAT to 10.244.0.6:5353", "1/3",
                        "DNAT to 10.244.0.7:5353", "1/3"));
        assertThat(outcomes("192.0.2.1", "10.96.0.10", 53).keySet())
                .hasSize(3)
                .allMatch(outcome -> outcome.endsWith(", masqueraded"));
        assertThat(outcomes("10.244.1.1", "10.96.0.10", 54)).isEqualTo(Map.of("sent on", "1"));
        assertThat(outcomes("10.244.1.1", "10.0.0.1", 54)).isEqualTo(Map.of("delivered on this machine", "1"));
    }

    @Test
    void anElementThatIsNotThereLeavesThePacketAlone() {
        services();
        elements.get("endpoints").removeLast();
        assertThat(outcomes("10.244.1.1", "10.96.0.10", 53)).containsEntry("sent on", "1/3");
    }

    @Test
    void rangesOfSourcesAreFoundByTheirBounds() {
        set(
                NftSet.set("allowed", IPV4_ADDR).with(NftSet.Flag.INTERVAL),
                Element.of(Data.of(IpAddress.parse("192.0.2.0"))),
                Element.endOfRange(Data.of(IpAddress.parse("192.0.2.128"))));
        chain(
                Chain.base("filter", Hook.filter(FORWARD, 0)),
                rule().unless(IP_SADDR, SetRef.named("allowed")).drop().build());
        assertThat(outcomes("192.0.2.127", "198.51.100.1", 80)).isEqualTo(Map.of("sent on", "1"));
        assertThat(outcomes("192.0.2.128", "198.51.100.1", 80)).isEqualTo(Map.of("dropped", "1"));
        assertThat(outcomes("192.0.1.255", "198.51.100.1", 80)).isEqualTo(Map.of("dropped", "1"));
    }

    @Test
    void rangesOfConcatenationsAreComparedPartByPart() {
        var low = Data.concat(Data.of(IpAddress.parse("198.51.100.0")), Data.ofShort(80));
        var high = Data.concat(Data.of(IpAddress.parse("198.51.100.255")), Data.ofShort(90));
        set(
                NftSet.set("closed", IPV4_ADDR, INET_SERVICE).with(NftSet.Flag.INTERVAL),
                Element.of(low).withKeyEnd(high));
        chain(
                Chain.base("filter", Hook.filter(FORWARD, 0)),
                rule().when(List.of(IP_DADDR, TH_DPORT), SetRef.named("closed"))
                        .reject()
                        .build());
        assertThat(outcomes("192.0.2.1", "198.51.100.7", 85))
                .isEqualTo(Map.of("rejected (icmp-port-unreachable)", "1"));
        assertThat(outcomes("192.0.2.1", "198.51.100.7", 91)).isEqualTo(Map.of("sent on", "1"));
        assertThat(outcomes("192.0.2.1", "198.51.101.7", 85)).isEqualTo(Map.of("sent on", "1"));
    }

    @Test
    void affinityCountsWhenTheClientIsKnown() {
        services();
        set(NftSet.set("affinity", IPV4_ADDR).with(NftSet.Flag.DYNAMIC, NftSet.Flag.TIMEOUT));
        var pick = new ArrayList<>(rules.get("pick-3"));
        pick.addFirst(rule().when(IP_SADDR, SetRef.named("affinity"))
                .dnatTo(IpAddress.parse("10.244.0.9"), 80)
                .build());
        rules.put("pick-3", pick);
        assertThat(outcomes("10.244.1.1", "10.96.0.10", 53)).hasSize(3);
        var known = Host.of(Set.of()).withRecent(Map.of("affinity", Set.of(IpAddress.parse("10.244.1.1"))));
        assertThat(ArticleTraceTest.outcomes(trace(known, "10.244.1.1", "10.96.0.10", 53)))
                .isEqualTo(Map.of("DNAT to 10.244.0.9:80", "1"));
    }

    @Test
    void anInterfaceThatIsNotKnownLeavesAnAlternative() {
        chain(
                Chain.base("filter", Hook.filter(FORWARD, 0)),
                rule().whenIifname("docker0").drop().build(),
                rule().unlessIifname("lo").accept().build());
        var trace = trace(Host.of(Set.of()), "192.0.2.1", "198.51.100.1", 80);
        assertThat(ArticleTraceTest.outcomes(trace)).isEqualTo(Map.of("sent on", "1"));
        assertThat(trace.alternatives())
                .extracting(Trace.Alternative::condition)
                .containsExactly("it comes in through docker0");
    }

    @Test
    void aPolicyToDropIsTheLastWord() {
        chain(Chain.base("filter", new Hook(Hook.Type.FILTER, FORWARD, 0, Hook.Policy.DROP)));
        assertThat(outcomes("192.0.2.1", "198.51.100.1", 80)).isEqualTo(Map.of("dropped (policy of filter)", "1"));
    }
}
