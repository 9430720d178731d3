package io.fairlead.netfilter.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The listing of a real node, with the rules of Docker, libvirt and flannel around the Services'. */
class ArticleTraceTest {

    private static final Ruleset RULES = Ruleset.parse(IpFamily.IPV4, listing());
    private static final Tracer TRACER =
            new Tracer(Host.of(Set.of(IpAddress.parse("10.210.40.172"))), List.of(IptablesRules.of(RULES)));

    private static String listing() {
        try (var in = ArticleTraceTest.class.getResourceAsStream("/article-iptables-save.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Trace trace(String protocol, String from, String to, int port) {
        return TRACER.trace(Packet.arriving(
                protocol, new Endpoint(IpAddress.parse(from), 0), new Endpoint(IpAddress.parse(to), port)));
    }

    /** Outcomes as text, each with its share. */
    static Map<String, String> outcomes(Trace trace) {
        var texts = new LinkedHashMap<String, String>();
        trace.outcomes().forEach((outcome, share) -> texts.put(outcome.toString(), share.toString()));
        return texts;
    }

    static List<String> rules(Trace trace) {
        var rules = new ArrayList<String>();
        collect(trace.root(), rules);
        return rules;
    }

    private static void collect(Branch branch, List<String> rules) {
        for (var step : branch.steps()) {
            if (step instanceof Step.Hit hit) {
                rules.add(hit.rule().text());
            }
        }
        branch.choices().stream()
                .filter(choice -> choice.condition().isEmpty())
                .forEach(choice -> collect(choice, rules));
    }

    @Test
    void aPodReachesTheServicesEndpointThroughItsRules() {
        var trace = trace("tcp", "10.244.0.7", "10.98.69.149", 3000);
        assertThat(outcomes(trace)).isEqualTo(Map.of("DNAT to 10.244.3.38:80", "1"));
        assertThat(rules(trace))
                .containsSubsequence(
                        "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        "-A KUBE-SERVICES -d 10.98.69.149/32 -p tcp -m comment --comment \"default/my-nginx-svc cluster IP\" -m tcp --dport 3000 -j KUBE-SVC-NE3M6G7FP5C7DVRO",
                        "-A KUBE-SVC-NE3M6G7FP5C7DVRO -m comment --comment \"default/my-nginx-svc\" -j KUBE-SEP-DSBJGVCOU4RGUKVK",
                        "-A KUBE-SEP-DSBJGVCOU4RGUKVK -p tcp -m comment --comment \"default/my-nginx-svc\" -m tcp -j DNAT --to-destination 10.244.3.38:80",
                        "-A FORWARD -s 10.244.0.0/16 -m comment --comment \"flanneld forward\" -j ACCEPT")
                .noneMatch(rule -> rule.contains("KUBE-MARK-MASQ"));
    }

    @Test
    void aClientFromOutsideIsMasqueradedToo() {
        var trace = trace("tcp", "192.168.1.1", "10.98.69.149", 3000);
        assertThat(outcomes(trace)).isEqualTo(Map.of("DNAT to 10.244.3.38:80, masqueraded", "1"));
        assertThat(rules(trace))
                .containsSubsequence(
                        "-A KUBE-SVC-NE3M6G7FP5C7DVRO ! -s 10.244.0.0/16 -d 10.98.69.149/32 -p tcp -m comment --comment \"default/my-nginx-svc cluster IP\" -m tcp --dport 3000 -j KUBE-MARK-MASQ",
                        "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
                        "-A KUBE-POSTROUTING -m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully");
    }

    @Test
    void anEndpointThatCallsItsOwnServiceIsMasqueraded() {
        assertThat(outcomes(trace("tcp", "10.244.3.38", "10.98.69.149", 3000)))
                .isEqualTo(Map.of("DNAT to 10.244.3.38:80, masqueraded", "1"));
    }

    @Test
    void dnsIsSplitInHalves() {
        assertThat(outcomes(trace("udp", "10.244.0.7", "10.96.0.10", 53)))
                .isEqualTo(Map.of("DNAT to 10.244.0.5:53", "1/2", "DNAT to 10.244.2.21:53", "1/2"));
    }

    @Test
    void aProcessOfTheNodeIsAskedInOutput() {
        var trace = TRACER.trace(Packet.generated(
                "tcp",
                new Endpoint(IpAddress.parse("10.210.40.172"), 0),
                new Endpoint(IpAddress.parse("10.98.69.149"), 3000)));
        assertThat(outcomes(trace)).isEqualTo(Map.of("DNAT to 10.244.3.38:80, masqueraded", "1"));
        assertThat(rules(trace).getFirst()).startsWith("-A OUTPUT");
    }

    @Test
    void whatDependsOnAnInterfaceThatIsNotKnownIsAnAlternative() {
        var trace = trace("tcp", "10.244.0.7", "10.98.69.149", 3000);
        assertThat(trace.alternatives())
                .extracting(Trace.Alternative::condition)
                .contains("it goes out through eth0")
                .doesNotHaveDuplicates();
        assertThat(trace.alternatives().stream()
                        .filter(alternative -> alternative.condition().equals("it goes out through eth0")))
                .singleElement()
                .satisfies(alternative -> assertThat(
                                alternative.outcomes().firstEntry().getKey().masqueraded())
                        .isTrue());
    }

    @Test
    void rulesOfOthersCountToo() {
        assertThat(outcomes(trace("tcp", "192.168.1.1", "10.210.52.212", 2203)))
                .isEqualTo(Map.of("DNAT to 172.25.11.3:22", "1"));
        assertThat(outcomes(TRACER, "10.244.0.7", "127.0.0.1")).containsEntry("dropped", "1");
    }

    private static Map<String, String> outcomes(Tracer tracer, String from, String to) {
        return outcomes(tracer.trace(Packet.arriving(
                "tcp", new Endpoint(IpAddress.parse(from), 40_000), new Endpoint(IpAddress.parse(to), 80))));
    }
}
