package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class RulePropertyTest {

    @Property
    void restoreTextIsReadAsTheSameRule(@ForAll("rules4") Rule rule, @ForAll IpFamily family) {
        var text = RestorePrinter.text(sink -> sink.append("KUBE-A", rule)).strip();
        assertThat(RuleParser.parse(text).rule().canonical(family)).isEqualTo(rule.canonical(family));
    }

    @Property
    void savedTextIsReadAsTheSameRule(@ForAll("rules4") Rule rule) {
        var text = new SavePrinter(IpFamily.IPV4).line("KUBE-A", rule);
        assertThat(RuleParser.parse(text).rule().canonical(IpFamily.IPV4)).isEqualTo(rule.canonical(IpFamily.IPV4));
    }

    @Property
    void ipv6RulesSurviveBothForms(@ForAll("rules6") Rule rule) {
        var canonical = rule.canonical(IpFamily.IPV6);
        var restored = RestorePrinter.text(sink -> sink.append("KUBE-A", rule)).strip();
        var saved = new SavePrinter(IpFamily.IPV6).line("KUBE-A", rule);
        assertThat(RuleParser.parse(restored).rule().canonical(IpFamily.IPV6)).isEqualTo(canonical);
        assertThat(RuleParser.parse(saved).rule().canonical(IpFamily.IPV6)).isEqualTo(canonical);
    }

    @Property
    void canonicalFormIsItsOwnCanonicalForm(@ForAll("rules4") Rule rule) {
        var canonical = rule.canonical(IpFamily.IPV4);
        assertThat(canonical.canonical(IpFamily.IPV4)).isEqualTo(canonical);
    }

    @Property(tries = 6)
    @Tag("kernel")
    void kernelListsRulesInTheirSavedForm(@ForAll("lists4") List<Rule> rules) throws Exception {
        kernelAgrees(IpFamily.IPV4, rules);
    }

    @Property(tries = 6)
    @Tag("kernel")
    void kernelListsIpv6RulesInTheirSavedForm(@ForAll("lists6") List<Rule> rules) throws Exception {
        kernelAgrees(IpFamily.IPV6, rules);
    }

    private static void kernelAgrees(IpFamily family, List<Rule> rules) throws Exception {
        RestoreScript script = sink -> {
            sink.table(Table.FILTER);
            sink.chain("KUBE-A");
            sink.chain("KUBE-OTHER");
            rules.forEach(rule -> sink.append("KUBE-A", rule));
            sink.commit();
        };
        var expected = Ruleset.empty(family).apply(script).toString();
        for (var backend : Capabilities.Backend.values()) {
            try (var namespace = Namespace.create()) {
                var iptables = Iptables.probe(family, namespace.runner(backend));
                iptables.restore(script);
                assertThat(iptables.save(Optional.of(Table.FILTER)).toString())
                        .as(backend.toString())
                        .isEqualTo(expected);
            }
        }
    }

    @Provide
    Arbitrary<Rule> rules4() {
        return Rules.of(IpFamily.IPV4);
    }

    @Provide
    Arbitrary<Rule> rules6() {
        return Rules.of(IpFamily.IPV6);
    }

    @Provide
    Arbitrary<List<Rule>> lists4() {
        return rules4().list().ofSize(60);
    }

    @Provide
    Arbitrary<List<Rule>> lists6() {
        return rules6().list().ofSize(60);
    }
}
